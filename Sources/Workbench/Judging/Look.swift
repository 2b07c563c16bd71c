public import Domain
public import Feedback

/// A case that the analyst looked at and left without a judgement.
public struct Look: Equatable, Sendable {
  public var caseID: ShortHash
  /// The parts of it that were really looked at.
  public var panes: [PaneTime]

  /// In less nobody has read a record: who pages past a case has not looked at it.
  public static let shortest = 5000

  public init(caseID: ShortHash, panes: [PaneTime]) {
    self.caseID = caseID
    self.panes = panes
  }

  /// What was looked at up to this moment; nil where the analyst's judgement stands, or no part was looked at.
  init?(_ editor: JudgementEditor, at milliseconds: Int) {
    guard editor.saved == nil else { return nil }
    let panes = editor.attention.timing(at: milliseconds).views.filter { $0.milliseconds >= Look.shortest }
    guard !panes.isEmpty else { return nil }
    self.init(caseID: editor.draft.caseID, panes: panes)
  }
}

/// The cases on the tables of Review and of Case.
struct Tables {
  var review: JudgementEditor?
  var `case`: JudgementEditor?

  init(_ state: AppState) {
    review = state.review.editor
    self.case = state.case?.editor
  }

  /// What was looked at of the cases that an action took off their table.
  func left(for state: AppState, by action: Action) -> [Effect] {
    zip([review, self.case], [state.review.editor, state.case?.editor]).compactMap { before, after in
      guard let before, before.draft.caseID != after?.draft.caseID else { return nil }
      // A judgement was made with this very action.
      if case .committed(let commit, _, _, _) = action, commit.caseID == before.draft.caseID { return nil }
      return Look(before, at: action.milliseconds ?? 0).map { .looked($0) }
    }
  }
}

extension AppState {
  /// What was looked at of the cases that lie open when the workbench is left.
  public func looks(at milliseconds: Int) -> [Look] {
    [review.editor, self.case?.editor].compactMap { $0.flatMap { Look($0, at: milliseconds) } }
  }

  /// A case is looked at while its screen is on top.
  mutating func noteAttention(at milliseconds: Int?) {
    let place = place
    review.editor?.attention.isShown(place == .review, at: milliseconds)
    self.case?.editor?.attention.isShown(place.scope == .case, at: milliseconds)
  }
}

extension Action {
  /// The loop's moment of what was done, where it has one.
  var milliseconds: Int? {
    switch self {
    case .started(_, let milliseconds), .ticked(_, let milliseconds), .key(_, let milliseconds),
      .mouse(_, let milliseconds),
      .rested(let milliseconds), .caseArrived(_, let milliseconds), .queueArrived(_, _, let milliseconds),
      .committed(_, _, _, let milliseconds):
      milliseconds
    default: nil
    }
  }
}
