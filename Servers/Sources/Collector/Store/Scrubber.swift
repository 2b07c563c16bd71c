internal import Dispatch

/// Cleans a store's files behind redactions while the collector goes on: nobody who sends waits for it.
actor Scrubber {
  private let store: any Store
  private var work: Task<Void, Never>?

  /// Between two attempts: a reader may be in the way, or the store away.
  private static let pauses = (first: Duration.seconds(1), longest: Duration.seconds(300))

  init(_ store: any Store) { self.store = store }

  /// Begins, where nothing is under way.
  func begin() {
    guard work == nil else { return }
    work = Task { await run() }
  }

  /// Returns once nothing is under way.
  func settle() async { await work?.value }

  private func run() async {
    var pause = Scrubber.pauses.first
    while store.debt.isOwed {
      if await attempt() { continue }
      try? await Task.sleep(for: pause)
      pause = min(pause * 2, Scrubber.pauses.longest)
    }
    work = nil
  }

  /// In a thread of its own: a store's calls block.
  private func attempt() async -> Bool {
    let store = store
    return await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: (try? store.scrub()) ?? false) }
    }
  }
}
