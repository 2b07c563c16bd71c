internal import Synchronization
internal import Terminal
public import Workbench

/// Answers of effects, on their way to the loop; any thread may post.
public final class Mailbox: Sendable {
  private let waiting = Mutex<[Action]>([])
  private let wake: Wake

  init(wake: Wake) { self.wake = wake }

  /// Hands an action to the loop, which takes it at its next turn.
  public func post(_ action: Action) {
    waiting.withLock { $0.append(action) }
    wake()
  }

  func take() -> [Action] {
    waiting.withLock { waiting in
      let actions = waiting
      waiting.removeAll()
      return actions
    }
  }
}
