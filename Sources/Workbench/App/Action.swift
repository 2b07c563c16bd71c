public import Domain
public import Feedback
public import Frames

/// What happened: a key, a size, a minute, or an answer to an effect.
public enum Action: Equatable, Sendable {
  case started(now: Timestamp, milliseconds: Int)
  case resized(ScreenSize)
  case key(Key, milliseconds: Int)
  case pasted(String)
  case mouse(MouseEvent, milliseconds: Int)
  /// The terminal got the focus, or lost it; never told by one that cannot.
  case focused(Bool)
  /// A minute passed.
  case ticked(Timestamp, milliseconds: Int)
  /// The move key rests: what follows a list's cursor catches up.
  case rested(milliseconds: Int)

  case models(ModelsScreen.Action)
  case infer(InferScreen.Action)
  case `case`(CaseScreen.Action)
  case drift(DriftScreen.Action)
  case review(ReviewScreen.Action)
  case outbox(OutboxScreen.Action)
  case inbox(InboxScreen.Action)
  case feedback(FeedbackScreen.Action)
  case search(SearchScreen.Action)
  case log(LogScreen.Action)

  case described(Model)
  case describeFailed(ModelID, Problem)
  case answered(InferScreen.Answer, order: Int, opens: Bool)
  case explained(Case)
  case explainFailed(ShortHash, Problem)
  case caseArrived(CaseContent, milliseconds: Int)
  case queueArrived(ReviewScreen.Queue, ReviewScreen.Pace, milliseconds: Int)
  /// The cases of a drift window, to walk through.
  case windowCases([ShortHash])
  /// The cases of a slice of the feedback that are in this ledger, to walk through.
  case feedbackCases([ShortHash])
  /// The cases with a judgement that was begun and not saved, the newest first; to open, or only to offer.
  case draftsArrived([ShortHash], opens: Bool)
  /// The cases of researchers' queues that wait for a blind answer.
  case blindCasesArrived(Set<ShortHash>)
  /// The guidelines that are in force now.
  case guidelinesArrived(GuidelinesInForce)
  /// What was asked to be saved is on the disk.
  case committed(Commit, sequence: Int, what: String, milliseconds: Int)
  case commitFailed(Problem)
  /// A decision between judges is saved; the case as it is now.
  case decided(sequence: Int, what: String, CaseContent?)
  case undone(what: Message, CaseContent?)
  /// What undo takes back next, in words; nil where there is nothing.
  case undoLearned(String?)
  /// What undo would take back, of an earlier session: the same key again does.
  case undoOffered(String)
  /// What redo would bring back, taken back in an earlier session: the same key again does.
  case redoOffered(String)
  /// A published queue is in the ledger, whole or as far as its records could be used: so many of them, and why not all.
  case taken(TakenOrder, cases: Int, setAside: Int)
  case takingFailed(Problem)
  /// What the researchers publish came.
  case inboxChanged
  /// An exchange with the collector ended.
  case exchanged(Exchange)
  /// An event of the outbox, whole.
  case eventArrived(OutboxScreen.EventDetail)
  case paceLearned(ReviewScreen.Pace)
  case linked(service: Link?, collector: Link?)
  /// Events that wait to be sent.
  case waiting(Int)
  /// The themes there are, to choose from.
  case themesArrived([ThemeChoice])
  /// The file of a theme has changed.
  case themeChanged(ThemeChoice)
  /// The note as it came back from $EDITOR.
  case textEdited(String)
  case notified(Message)
  case failed(Problem)
}
