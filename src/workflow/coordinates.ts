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

/** Times that the layers are passed through, by turns down and up, after the first two; fewer when nothing moves. */
const sweeps = 6;
/** Moving less than this is not moving, pixels. */
const still = 0.5;
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
 */
export function placeVertices(graph: LayeredGraph, order: Order, sizes: Sizes): Float64Array {
  const { layers } = graph;
  const fit = new LayerFit(graph, order, sizes);
  const [up, down, both] = [[fit.up], [fit.down], [fit.up, fit.down]];
  if (layers > 0) fit.toward(0, []);
  for (let layer = 1; layer < layers; layer++) fit.toward(layer, up);
  for (let layer = layers - 2; layer >= 0; layer--) fit.toward(layer, down);
  for (let sweep = 0, moved = true; sweep < sweeps && moved; sweep++) {
    moved = false;
    if (sweep % 2 === 0) for (let layer = 0; layer < layers; layer++) moved = fit.toward(layer, both) || moved;
    else for (let layer = layers - 1; layer >= 0; layer--) moved = fit.toward(layer, both) || moved;
  }
  return fit.centers();
}

/**
 * Fits one layer after another. All its arrays, neighbors included, are in the order of the drawing (layer by layer,
 * each from top to bottom), so that a pass reads memory from front to back: that is most of its speed.
 */
class LayerFit {
  readonly up: Adjacency;
  readonly down: Adjacency;
  private readonly order: Order;
  private readonly center: Float64Array;
  private readonly height: Float64Array;
  private readonly gap: number;
  private readonly heaviness: Float64Array;
  /** Of the layer at work: how far each vertex is from the first one, and the center it wants less that distance. */
  private readonly offset: Float64Array;
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
    this.up = inOrder(graph.up, order, graph.layer);
    this.down = inOrder(graph.down, order, graph.layer);
    this.center = numbers();
    this.height = numbers();
    this.heaviness = numbers();
    this.offset = numbers();
    this.wanted = numbers();
    this.mean = numbers();
    this.weight = numbers();
    this.near = new Float64Array(this.up.targets.length + this.down.targets.length);
    this.begin = new Int32Array(count + 1);
    this.gap = sizes.gap;
    for (let i = 0; i < count; i++) {
      const isNode = order.sequence[i]! < graph.nodes;
      this.height[i] = isNode ? sizes.node : sizes.lane;
      this.heaviness[i] = isNode ? 1 : dummyWeight;
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

  /** Moves a layer toward its neighbors on the sides given, or together when there are none; tells if anything moved. */
  toward(layer: number, sides: readonly Adjacency[]): boolean {
    const { center, height, heaviness, offset, wanted, mean, weight, begin, gap } = this;
    const first = this.order.starts[layer]!;
    const last = this.order.starts[layer + 1]!;
    let blocks = 0;
    for (let i = first; i < last; i++) {
      offset[i] = i === first ? 0 : offset[i - 1]! + (height[i - 1]! + height[i]!) / 2 + gap;
      const linked = this.gather(i, sides);
      // What has no neighbors here keeps to the one before it and holds nobody up.
      const alone = blocks > 0 ? mean[blocks - 1]! : 0;
      wanted[i] = linked > 0 ? this.wish(center[i]!, linked, sides.length) - offset[i]! : alone;
      mean[blocks] = wanted[i]!;
      weight[blocks] = linked === 0 ? 1e-6 : heaviness[i]!;
      begin[blocks++] = i;
      while (blocks > 1 && mean[blocks - 2]! > mean[blocks - 1]!) this.pool(--blocks);
    }
    begin[blocks] = last;
    let moved = false;
    for (let block = 0; block < blocks; block++) {
      const at = this.straighten(block, blocks);
      for (let i = begin[block]!; i < begin[block + 1]!; i++) {
        moved ||= Math.abs(at + offset[i]! - center[i]!) > still;
        center[i] = at + offset[i]!;
      }
    }
    return moved;
  }

  /** Merges a block into the one before it. */
  private pool(block: number): void {
    const { mean, weight } = this;
    const sum = weight[block - 1]! + weight[block]!;
    mean[block - 1] = (mean[block - 1]! * weight[block - 1]! + mean[block]! * weight[block]!) / sum;
    weight[block - 1] = sum;
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

  /** Collects the centers of a vertex's neighbors in `near`, smallest first; gives how many there are. */
  private gather(vertex: number, sides: readonly Adjacency[]): number {
    const { near, center } = this;
    const few = 16;
    let count = 0;
    for (let side = 0; side < sides.length; side++) {
      const { starts, targets } = sides[side]!;
      const end = starts[vertex + 1]!;
      for (let i = starts[vertex]!; i < end; i++) {
        const value = center[targets[i]!]!;
        let at = count++;
        if (count <= few) for (; at > 0 && near[at - 1]! > value; at--) near[at] = near[at - 1]!;
        near[at] = value;
      }
    }
    if (count > few) near.subarray(0, count).sort();
    return count;
  }

  /** The middle of the neighbors gathered; with neighbors on both sides, the nearest point between the middle two. */
  private wish(center: number, count: number, sides: number): number {
    const low = this.near[(count - 1) >> 1]!;
    const high = this.near[count >> 1]!;
    return sides === 1 ? (low + high) / 2 : Math.min(Math.max(center, low), high);
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
