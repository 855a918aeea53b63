import type { Order } from "./crossings.ts";
import type { LayeredGraph } from "./layered.ts";
import type { Adjacency } from "./order.ts";

export interface Sizes {
  /** Height of a node and of the lane that a passing edge takes. */
  readonly node: number;
  readonly lane: number;
  /** Least space between two of them. */
  readonly gap: number;
}

/** Times that the layers are passed through, by turns down and up, after the first two. */
const sweeps = 6;
/** Up to so many numbers are sorted by insertion. */
const few = 16;
/** A dummy's wish counts as much as this many nodes': long edges run straight, nodes make room. */
const dummyWeight = 4;

/**
 * The center of every vertex across its layer, in the order given, nothing nearer than the sizes allow, and every vertex
 * as near to its neighbors as its layer permits.
 *
 * For one layer this is a least-squares fit under order constraints: with the needed distances subtracted, the wanted
 * centers must become non-decreasing, which is isotonic regression, solved exactly in linear time by pooling adjacent
 * violators. A few sweeps over the layers let the wishes settle: the first toward one side only, which lines chains up,
 * then toward the median of all neighbors, which shortens edges and, other than the mean, leaves straight ones straight.
 * What a layer wants depends on itself and the two beside it: when none of them moved, it is passed over, as soon most are.
 */
export function placeVertices(graph: LayeredGraph, order: Order, sizes: Sizes): Float64Array {
  const { layers } = graph;
  const fit = new LayerFit(graph, order, sizes);
  const { up, down, none } = fit;
  if (layers > 0) fit.toward(0, none, none);
  for (let layer = 1; layer < layers; layer++) fit.toward(layer, up, none);
  for (let layer = layers - 2; layer >= 0; layer--) fit.toward(layer, none, down);
  const restless = new Uint8Array(layers).fill(1);
  const settle = (layer: number) => {
    if (!restless[layer]) return;
    restless[layer] = 0;
    if (fit.toward(layer, up, down)) restless.fill(1, Math.max(0, layer - 1), layer + 2);
  };
  for (let sweep = 0; sweep < sweeps; sweep++) {
    if (sweep % 2 === 0) for (let layer = 0; layer < layers; layer++) settle(layer);
    else for (let layer = layers - 1; layer >= 0; layer--) settle(layer);
  }
  return fit.centers();
}

/**
 * Fits one layer after another. What it keeps of the vertices, neighbors included, is in the order of the drawing (layer
 * by layer, each from top to bottom), so that a pass reads memory from front to back: that is most of its speed.
 */
class LayerFit {
  readonly up: Adjacency;
  readonly down: Adjacency;
  readonly none: Adjacency;
  private readonly order: Order;
  private readonly gap: number;
  private readonly center: Float64Array;
  private readonly height: Float64Array;
  private readonly heaviness: Float64Array;
  /** How far each vertex is at least from the first one of its layer. */
  private readonly offset: Float64Array;
  /** Of the layer at work: the center that each vertex wants, less its offset. */
  private readonly wanted: Float64Array;
  /** Of every block of pooled vertices: the mean of what they want, its weight, and where it begins. */
  private readonly mean: Float64Array;
  private readonly weight: Float64Array;
  private readonly begin: Int32Array;
  private readonly near: Float64Array;

  constructor(graph: LayeredGraph, order: Order, sizes: Sizes) {
    const count = graph.vertices;
    const numbers = () => new Float64Array(count);
    this.order = order;
    this.gap = sizes.gap;
    this.up = inOrder(graph.up, order, graph.layer);
    this.down = inOrder(graph.down, order, graph.layer);
    this.none = { starts: new Int32Array(count + 1), targets: new Int32Array(0) };
    this.center = numbers();
    this.height = numbers();
    this.heaviness = numbers();
    this.offset = numbers();
    this.wanted = numbers();
    this.mean = numbers();
    this.weight = numbers();
    this.begin = new Int32Array(count + 1);
    this.near = new Float64Array(this.up.targets.length + this.down.targets.length);
    for (let i = 0; i < count; i++) {
      const vertex = order.sequence[i]!;
      const isNode = vertex < graph.nodes;
      const height = isNode ? sizes.node : sizes.lane;
      this.height[i] = height;
      this.heaviness[i] = isNode ? 1 : dummyWeight;
      if (order.place[vertex]! > 0)
        this.offset[i] = this.offset[i - 1]! + (this.height[i - 1]! + height) / 2 + this.gap;
    }
  }

  /** The centers found, by vertex; the topmost vertex begins at 0. */
  centers(): Float64Array {
    const { center, height, order } = this;
    let top = Number.POSITIVE_INFINITY;
    for (let i = 0; i < center.length; i++) top = Math.min(top, center[i]! - height[i]! / 2);
    const centers = new Float64Array(center.length);
    for (let i = 0; i < center.length; i++) centers[order.sequence[i]!] = center[i]! - top;
    return centers;
  }

  /** Moves a layer toward its neighbors in `up` and `down`, or together when there are none; tells if anything moved. */
  toward(layer: number, up: Adjacency, down: Adjacency): boolean {
    const { center, heaviness, offset, wanted, mean, weight, begin, none } = this;
    const first = this.order.starts[layer]!;
    const last = this.order.starts[layer + 1]!;
    const both = up !== none && down !== none;
    let blocks = 0;
    for (let i = first; i < last; i++) {
      const linked = up.starts[i + 1]! - up.starts[i]! + down.starts[i + 1]! - down.starts[i]!;
      // What has no neighbors here keeps to the one before it and holds nobody up.
      if (linked === 0) wanted[i] = blocks > 0 ? mean[blocks - 1]! : 0;
      else wanted[i] = this.wish(i, up, down, both) - offset[i]!;
      let sum = wanted[i]!;
      let heavy = linked === 0 ? 1e-6 : heaviness[i]!;
      let start = i;
      // Violators are pooled with the block before them.
      for (; blocks > 0 && mean[blocks - 1]! > sum; blocks--) {
        const more = weight[blocks - 1]!;
        sum = (mean[blocks - 1]! * more + sum * heavy) / (more + heavy);
        heavy += more;
        start = begin[blocks - 1]!;
      }
      mean[blocks] = sum;
      weight[blocks] = heavy;
      begin[blocks++] = start;
    }
    begin[blocks] = last;
    let moved = false;
    for (let block = 0; block < blocks; block++) {
      const at = this.straighten(block, blocks);
      for (let i = begin[block]!; i < begin[block + 1]!; i++) {
        const next = at + offset[i]!;
        if (next !== center[i]) moved = true;
        center[i] = next;
      }
    }
    return moved;
  }

  /** A block's mean, moved by no more than a gap to where one of its vertices gets exactly what it wants. */
  private straighten(block: number, blocks: number): number {
    const { mean, wanted, begin } = this;
    const low = block > 0 ? mean[block - 1]! : Number.NEGATIVE_INFINITY;
    const high = block + 1 < blocks ? mean[block + 1]! : Number.POSITIVE_INFINITY;
    let nearest = Number.POSITIVE_INFINITY;
    for (let i = begin[block]!; i < begin[block + 1]!; i++) {
      const away = wanted[i]! - mean[block]!;
      if (Math.abs(away) < Math.abs(nearest) && wanted[i]! >= low && wanted[i]! <= high) nearest = away;
    }
    if (Math.abs(nearest) <= this.gap) mean[block]! += nearest;
    return mean[block]!;
  }

  /**
   * The middle of a vertex's neighbors: between the middle two when they are even in number, or with `both` sides the
   * point between those two that is nearest to where it is.
   */
  private wish(vertex: number, up: Adjacency, down: Adjacency, both: boolean): number {
    const { near, center } = this;
    const count = this.gather(vertex, down, this.gather(vertex, up, 0));
    // Sorted by insertion when they are few.
    if (count > few) near.subarray(0, count).sort();
    else {
      for (let i = 1; i < count; i++) {
        const value = near[i]!;
        let at = i;
        for (; at > 0 && near[at - 1]! > value; at--) near[at] = near[at - 1]!;
        near[at] = value;
      }
    }
    const low = near[(count - 1) >> 1]!;
    const high = near[count >> 1]!;
    return both ? Math.min(Math.max(center[vertex]!, low), high) : (low + high) / 2;
  }

  /** Adds the centers of a vertex's neighbors to the `count` that are in `near`; gives how many there are now. */
  private gather(vertex: number, { starts, targets }: Adjacency, count: number): number {
    const { near, center } = this;
    let used = count;
    for (let i = starts[vertex]!; i < starts[vertex + 1]!; i++) near[used++] = center[targets[i]!]!;
    return used;
  }
}

/** The neighbors of the vertices with every vertex renamed to its index in the drawing's order. */
function inOrder({ starts, targets }: Adjacency, order: Order, layer: Int32Array): Adjacency {
  const count = order.sequence.length;
  const renamed = { starts: new Int32Array(count + 1), targets: new Int32Array(targets.length) };
  let used = 0;
  for (let i = 0; i < count; i++) {
    const vertex = order.sequence[i]!;
    for (let j = starts[vertex]!; j < starts[vertex + 1]!; j++) {
      const target = targets[j]!;
      renamed.targets[used++] = order.starts[layer[target]!]! + order.place[target]!;
    }
    renamed.starts[i + 1] = used;
  }
  return renamed;
}
