internal import Synchronization

/// Whether words were taken out of the tables that the store's files may still have.
final class ScrubDebt: Sendable {
  private let owed = Mutex(false)

  var isOwed: Bool { owed.withLock { $0 } }

  func forgive() { owed.withLock { $0 = false } }

  func add() { owed.withLock { $0 = true } }

  /// Does the work that pays it. What is added meanwhile stays, and all of it where the work does not come to its end.
  func pay(_ work: () throws -> Bool) throws -> Bool {
    owed.withLock { $0 = false }
    do {
      let isDone = try work()
      if !isDone { add() }
      return isDone
    } catch {
      add()
      throw error
    }
  }
}
