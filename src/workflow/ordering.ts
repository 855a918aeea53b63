import { CrossingCounter, type Order } from "./crossings.ts";
import type { LayeredGraph } from "./layered.ts";
import type { Adjacency } from "./order.ts";

/** Sweeps without a better order after which a search gives up. */
const patience = 4;
/** Comparisons of neighbors that all searches together may take: some tens of milliseconds. */
const budget = 10_000_000;

/**
 * An order of every layer with few crossings. To find the fewest is NP-hard even for two layers; this is the layer by
 * layer sweep of Sugiyama's method with two additions: it begins with a depth-first order, in which well-nested graphs
 * have no crossings at all (see `firstOrder`), and it ends with sifting, which moves single vertices to their best
 * place. It stops at 0 crossings, which is where most workflows begin.
 */
export function orderLayers(graph: LayeredGraph): { order: Order; crossings: number } {
  const search = new Search(graph);
  for (const nested of [false, true]) if (!search.done) search.consider(firstOrder(graph, nested));
  for (const forward of [true, false]) {
    for (const nested of [true, false]) if (!search.done) search.improve(firstOrder(graph, nested), forward);
  }
  return search.result();
}

/**
 * The order in which a depth-first search meets the vertices of each layer. Trees come out without a crossing. With
 * `nested`, so do series-parallel graphs (forks and joins, well nested): a first search, backward from the ends, meets
 * the branches of a fork that join soonest one right after the other, and the second search takes them in that order.
 */
function firstOrder({ vertices, layers, layer, up, down }: LayeredGraph, nested: boolean): Order {
  const given = new Int32Array(vertices);
  for (let vertex = 0; vertex < vertices; vertex++) given[vertex] = vertex;
  const met = depthFirst(down, up, nested ? depthFirst(up, down, given) : given);
  const starts = new Int32Array(layers + 1);
  for (let v = 0; v < vertices; v++) starts[layer[v]! + 1]!++;
  for (let i = 0; i < layers; i++) starts[i + 1]! += starts[i]!;
  const sequence = new Int32Array(vertices);
  const place = new Int32Array(vertices);
  const filled = new Int32Array(layers);
  for (let i = 0; i < vertices; i++) {
    const vertex = met[i]!;
    place[vertex] = filled[layer[vertex]!]!++;
    sequence[starts[layer[vertex]!]! + place[vertex]!] = vertex;
  }
  return { sequence, starts, place };
}

/**
 * The vertices in the order in which a depth-first search along `forward` meets them, roots and neighbors taken as they
 * come in `preferred`. `backward` is the same graph turned around.
 */
function depthFirst(forward: Adjacency, backward: Adjacency, preferred: Int32Array): Int32Array {
  // Handing every vertex to its predecessors, the last preferred first, leaves each with a list sorted that way:
  // the order in which a stack must be filled.
  const targets = new Int32Array(forward.targets.length);
  const filled = forward.starts.slice();
  for (let i = preferred.length - 1; i >= 0; i--) {
    const vertex = preferred[i]!;
    for (let j = backward.starts[vertex]!; j < backward.starts[vertex + 1]!; j++) {
      targets[filled[backward.targets[j]!]!++] = vertex;
    }
  }
  const order = new Int32Array(preferred.length);
  const met = new Uint8Array(preferred.length);
  const stack = new Int32Array(targets.length + 1);
  let count = 0;
  for (let r = 0; r < preferred.length; r++) {
    const root = preferred[r]!;
    if (backward.starts[root] !== backward.starts[root + 1]) continue;
    stack[0] = root;
    for (let height = 1; height > 0; ) {
      const vertex = stack[--height]!;
      if (met[vertex]) continue;
      met[vertex] = 1;
      order[count++] = vertex;
      for (let i = forward.starts[vertex]!; i < forward.starts[vertex + 1]!; i++) stack[height++] = targets[i]!;
    }
  }
  return order;
}

class Search {
  private readonly graph: LayeredGraph;
  private readonly counter: CrossingCounter;
  private readonly key: Float64Array;
  private order!: Order;
  private best = Number.POSITIVE_INFINITY;
  private kept = new Int32Array(0);
  private spent = 0;

  constructor(graph: LayeredGraph) {
    this.graph = graph;
    this.counter = new CrossingCounter(graph);
    this.key = new Float64Array(graph.vertices);
  }

  /** Nothing is left to improve, or no time to do it. */
  get done(): boolean {
    return this.best === 0 || this.spent > budget;
  }

  /** Keeps an order as it is, if it is the best so far. */
  consider(order: Order): void {
    this.order = order;
    this.keep(this.count());
  }

  /** Improves an order until it stalls, first sweeping `forward` or not, and keeps it if it is the best. */
  improve(order: Order, forward: boolean): void {
    this.order = order;
    let fewest = this.count();
    let local = order.sequence.slice();
    for (let sweep = 0, stalled = 0; fewest > 0 && stalled < patience && this.spent < budget; sweep++) {
      this.sweep((sweep % 2 === 0) === forward);
      const crossings = this.count();
      stalled = crossings < fewest ? 0 : stalled + 1;
      if (stalled > 0) continue;
      fewest = crossings;
      local = order.sequence.slice();
    }
    this.restore(local);
    for (let before = fewest + 1; fewest > 0 && fewest < before && this.spent < budget; ) {
      before = fewest;
      for (let layer = 0; layer < this.graph.layers; layer++) this.siftLayer(layer);
      fewest = this.count();
    }
    this.keep(fewest);
  }

  private keep(crossings: number): void {
    if (crossings >= this.best) return;
    this.best = crossings;
    this.kept = this.order.sequence.slice();
  }

  result(): { order: Order; crossings: number } {
    this.restore(this.kept);
    return { order: this.order, crossings: this.best };
  }

  private restore(sequence: Int32Array): void {
    this.order.sequence.set(sequence);
    for (let layer = 0; layer < this.graph.layers; layer++) this.number(layer);
  }

  private count(): number {
    this.spent += this.graph.down.targets.length * 4;
    return this.counter.total(this.order);
  }

  private sweep(forward: boolean): void {
    const { layers, up, down } = this.graph;
    if (forward) for (let layer = 1; layer < layers; layer++) this.sortLayer(layer, up);
    else for (let layer = layers - 2; layer >= 0; layer--) this.sortLayer(layer, down);
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

  private siftLayer(layer: number): void {
    const { sequence, starts, place } = this.order;
    const first = starts[layer]!;
    const last = starts[layer + 1]! - 1;
    for (const vertex of sequence.slice(first, last + 1)) {
      if (this.spent > budget) return;
      const at = first + place[vertex]!;
      let to = at;
      let least = 0;
      for (let i = at - 1, change = 0; i >= first; i--) {
        change += this.gain(vertex, sequence[i]!);
        if (change < least) {
          least = change;
          to = i;
        }
      }
      for (let i = at + 1, change = 0; i <= last; i++) {
        change -= this.gain(vertex, sequence[i]!);
        if (change < least) {
          least = change;
          to = i;
        }
      }
      if (to === at) continue;
      if (to < at) sequence.copyWithin(to + 1, to, at);
      else sequence.copyWithin(at, at + 1, to + 1);
      sequence[to] = vertex;
      for (let i = Math.min(to, at); i <= Math.max(to, at); i++) place[sequence[i]!] = i - first;
    }
  }

  /** Crossings between the edges of a and b when a stands before b, less those when b stands before a. */
  private gain(a: number, b: number): number {
    return this.inversions(this.graph.up, a, b) + this.inversions(this.graph.down, a, b);
  }

  private inversions({ starts, targets }: Adjacency, a: number, b: number): number {
    this.spent += (starts[a + 1]! - starts[a]!) * (starts[b + 1]! - starts[b]!) + 1;
    // Two hubs of thousands of edges each would take all the time there is, and more.
    if (this.spent > budget) return 0;
    const { place } = this.order;
    let difference = 0;
    for (let i = starts[a]!; i < starts[a + 1]!; i++) {
      const p = place[targets[i]!]!;
      for (let j = starts[b]!; j < starts[b + 1]!; j++) {
        const q = place[targets[j]!]!;
        difference += p > q ? 1 : p < q ? -1 : 0;
      }
    }
    return difference;
  }

  private number(layer: number): void {
    const { sequence, starts, place } = this.order;
    for (let i = starts[layer]!; i < starts[layer + 1]!; i++) place[sequence[i]!] = i - starts[layer]!;
  }
}
