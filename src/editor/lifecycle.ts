import type { Disposable } from "vscode";

/** A class that owns what it registers, and lets go of all of it at once, last registered first. */
export abstract class Owner implements Disposable {
  readonly #owned: Disposable[] = [];
  #disposed = false;

  /** Keeps `thing` until this owner is disposed; disposes it at once when that has happened already. */
  protected own<T extends Disposable>(thing: T): T {
    if (this.#disposed) thing.dispose();
    else this.#owned.push(thing);
    return thing;
  }

  /** Whether it is over. What was begun before may still end after that, and must then leave no new thing behind. */
  protected get disposed(): boolean {
    return this.#disposed;
  }

  dispose(): void {
    this.#disposed = true;
    for (const thing of this.#owned.splice(0).reverse()) thing.dispose();
  }
}
