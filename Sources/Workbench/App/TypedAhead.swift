internal import Domain
internal import Frames

/// What is typed while a judgement is on its way to the disk: it is meant for the case that comes after it.
struct TypedAhead: Equatable, Sendable {
  /// The case on the table whose judgement is being saved.
  var saving: ShortHash?
  /// Keys and pasted texts, in order.
  var inputs: [Action] = []
}

extension App {
  /// Keeps a key that is typed while a save is on its way, so that it judges no other case than the one it is meant for. What
  /// leaves the program is done at once, and so is Esc where nothing is kept: nobody is shut in by a disk that does not
  /// answer.
  /// - Returns: whether the action is taken care of.
  static func keeps(_ state: inout AppState, _ action: Action) -> Bool {
    guard state.isStepping else { return false }
    switch action {
    case .key(.control("C"), _), .key(.control("Z"), _), .key(.control("L"), _): return false
    case .key(.escape, _):
      guard !state.ahead.inputs.isEmpty else { return false }
      state.toast = Message(.notice, "dropped: \(keys(state.ahead.inputs.count)) typed ahead")
      state.ahead.inputs = []
      return true
    case .key, .pasted: state.ahead.inputs.append(action)
    default: return false
    }
    let what = state.ahead.saving != nil ? "saving" : "opening the next case"
    state.toast = Message(.notice, "\(what): \(keys(state.ahead.inputs.count)) typed ahead, Esc drops them")
    return true
  }

  /// Notes what an action set on its way to the disk, and what arrived there.
  static func noteSaving(_ state: inout AppState, after action: Action, _ effects: [Effect], from places: [Place]) {
    guard let saving = state.ahead.saving else {
      let isSaving = effects.contains { effect in
        guard case .commit(let commit) = effect else { return false }
        return !commit.isFlag && commit.caseID == state.editor?.draft.caseID
      }
      if isSaving { state.ahead.saving = state.editor?.draft.caseID }
      return
    }
    switch action {
    case .committed(let commit, _, _, _) where commit.caseID == saving && !commit.isFlag: state.ahead.saving = nil
    case .commitFailed(let problem):
      // They were meant for a case that does not come.
      if !state.ahead.inputs.isEmpty {
        state.toast = Message(.failed, problem.summary + "; dropped: \(keys(state.ahead.inputs.count)) typed ahead")
      }
      state.ahead = TypedAhead()
    default:
      // Who leaves the screen waits for nothing on it.
      if state.places != places { state.ahead = TypedAhead() }
    }
  }

  /// What was typed ahead first, where nothing is waited for any more: typed now.
  static func nextAhead(_ state: inout AppState, after action: Action) -> Action? {
    guard !state.isStepping, !state.ahead.inputs.isEmpty else { return nil }
    let input = state.ahead.inputs.removeFirst()
    guard case .key(let key, let milliseconds) = input else { return input }
    return .key(key, milliseconds: max(milliseconds, action.milliseconds ?? milliseconds))
  }

  private static func keys(_ count: Int) -> String { count == 1 ? "1 key" : "\(count) keys" }
}

extension AppState {
  /// Whether a case is being saved, or the next one is being read, that what is typed now is about.
  public var isBetweenCases: Bool {
    if ahead.saving != nil { return true }
    guard case .case = place, let content = self.case?.content else { return false }
    return content == .loading(last: nil)
  }

  /// Whether what is typed is kept for the case that comes.
  var isStepping: Bool { ahead.saving != nil || !ahead.inputs.isEmpty && isBetweenCases }
}
