/** The peer of the painting rows in a page: React Flow, told what to show by messages, as our panel is. */
import { Background, ReactFlow, ReactFlowProvider } from "@xyflow/react";
import { createElement, useState } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";

interface FlowNode {
  readonly id: string;
  readonly position: { readonly x: number; readonly y: number };
  readonly data: { readonly label: string };
  readonly width: number;
  readonly height: number;
  readonly className?: string;
}
interface FlowEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
}
interface Message {
  readonly nodes?: readonly FlowNode[];
  readonly edges?: readonly FlowEdge[];
  /** One node is another now. */
  readonly change?: { readonly id: string; readonly label: string; readonly className: string };
  readonly visibleOnly?: boolean;
}

function Flow() {
  const [{ nodes, edges, visibleOnly }, show] = useState<Required<Omit<Message, "change">>>({
    nodes: [],
    edges: [],
    visibleOnly: false,
  });
  window.onmessage = (event: MessageEvent<string>) => {
    const data: Message = JSON.parse(event.data);
    flushSync(() =>
      show((now) => {
        const { change } = data;
        if (!change) return { ...now, ...data } as Required<Message>;
        const changed = now.nodes.map((node) =>
          node.id === change.id ? { ...node, className: change.className, data: { label: change.label } } : node,
        );
        return { ...now, nodes: changed };
      }),
    );
  };
  return createElement(
    ReactFlow,
    {
      nodes: nodes as never,
      edges: edges as never,
      onlyRenderVisibleElements: visibleOnly,
      minZoom: 0.001,
      nodesDraggable: false,
      defaultViewport: { x: 0, y: 0, zoom: 1 },
    },
    createElement(Background),
  );
}

createRoot(document.getElementById("root")!).render(createElement(ReactFlowProvider, null, createElement(Flow)));
