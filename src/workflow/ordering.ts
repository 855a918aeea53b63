import { CrossingCounter, type Order } from "./crossings.ts";
import type { LayeredGraph } from "./layered.ts";
import type { Adjacency } from "./order.ts";

/** An order of every layer with few crossings. */
export function orderLayers(graph: LayeredGraph): { order: Order; crossings: number } {
  const order = depthFirst(graph);
  const search = new Search(graph, order);
  return { order, crossings: search.run() };
}

/** Orders layers as a depth-first search from the roots meets their vertices: trees come out without a crossing. */
function depthFirst(graph: LayeredGraph): Order {
  const { vertices, layers, layer, down, up } = graph;
  const starts = new Int32Array(layers + 1);
  for (let v = 0; v < vertices; v++) starts[layer[v]! + 1]!++;
  for (let i = 0; i < layers; i++) starts[i + 1]! += starts[i]!;
  const sequence = new Int32Array(vertices);
  const place = new Int32Array(vertices);
  const filled = new Int32Array(layers);
  const met = new Uint8Array(vertices);
  const stack: number[] = [];
  const visitFrom = (root: number) => {
    stack.push(root);
    while (stack.length > 0) {
      const vertex = stack.pop()!;
      if (met[vertex]) continue;
      met[vertex] = 1;
      const at = filled[layer[vertex]!]!++;
      place[vertex] = at;
      sequence[starts[layer[vertex]!]! + at] = vertex;
      for (let i = down.starts[vertex + 1]! - 1; i >= down.starts[vertex]!; i--) stack.push(down.targets[i]!);
    }
  };
  for (let v = 0; v < vertices; v++) if (up.starts[v] === up.starts[v + 1]) visitFrom(v);
  return { sequence, starts, place };
}

class Search {
  private readonly graph: LayeredGraph;
  private readonly order: Order;
  private readonly counter: CrossingCounter;
  private readonly key: Float64Array;

  constructor(graph: LayeredGraph, order: Order) {
    this.graph = graph;
    this.order = order;
    this.counter = new CrossingCounter(graph);
    this.key = new Float64Array(graph.vertices);
  }

  run(): number {
    let best = this.count();
    let kept = this.order.sequence.slice();
    for (let round = 0, stalled = 0; best > 0 && stalled < 4 && round < 24; round++) {
      if (round % 2 === 0) for (let i = 1; i < this.graph.layers; i++) this.sortLayer(i, this.graph.up);
      else for (let i = this.graph.layers - 2; i >= 0; i--) this.sortLayer(i, this.graph.down);
      const crossings = this.count();
      stalled++;
      if (crossings < best) {
        best = crossings;
        kept = this.order.sequence.slice();
        stalled = 0;
      }
    }
    this.order.sequence.set(kept);
    for (let layer = 0; layer < this.graph.layers; layer++) this.number(layer);
    return best;
  }

  private count(): number {
    let crossings = 0;
    for (let layer = 0; layer + 1 < this.graph.layers; layer++) crossings += this.counter.below(this.order, layer);
    return crossings;
  }

  private sortLayer(layer: number, neighbors: Adjacency): void {
    const { sequence, starts, place } = this.order;
    const vertices = sequence.subarray(starts[layer], starts[layer + 1]);
    for (const vertex of vertices) {
      let sum = 0;
      const count = neighbors.starts[vertex + 1]! - neighbors.starts[vertex]!;
      for (let i = neighbors.starts[vertex]!; i < neighbors.starts[vertex + 1]!; i++)
        sum += place[neighbors.targets[i]!]!;
      this.key[vertex] = count === 0 ? place[vertex]! : sum / count;
    }
    vertices.sort((a, b) => this.key[a]! - this.key[b]!);
    this.number(layer);
  }

  private number(layer: number): void {
    const { sequence, starts, place } = this.order;
    for (let i = starts[layer]!; i < starts[layer + 1]!; i++) place[sequence[i]!] = i - starts[layer]!;
  }
}
