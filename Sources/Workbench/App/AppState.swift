public import Domain
public import Frames

/// Everything on screen, and what is needed to go on from it.
public struct AppState: Equatable, Sendable {
  public var size = ScreenSize()
  /// The size that the screen on top is laid out for: the terminal's, where that is not small.
  var layout = ScreenSize()
  /// The panel in view, where there is room for one; nil is the one with the list.
  var panel: Int?
  /// Whether one panel is wanted large where there is room for several.
  var wantsOnePanel = false
  /// The minute that the header shows: as of the last tick.
  public var now = Timestamp(microseconds: 0)
  /// What the loop's clock said then.
  var nowMilliseconds = 0
  /// When what is taken in just now happened, as far as whoever runs the workbench says; the clock that it shows moves by
  /// the minute.
  public var moment = 0
  /// The context's name: `demo`, `prod`.
  public var context: String
  public var analyst: String
  public var keymap: Keymap
  /// How what is shown must be handled; first and last in every text that leaves the screen.
  public var banner: String?
  /// Whether a verdict is saved with its own key.
  public var savesOnVerdict = false
  /// How the screen looks.
  public var theme = Theme.standard
  /// Whether clicks and the wheel are listened to; off, the terminal selects and copies as usual.
  var hasMouse = false
  /// The row that a click has selected: the next click on it opens.
  var clicked: ClickedRow?
  /// Whether the terminal has the focus, as far as it says.
  var hasFocus = true
  /// Whether the terminal is large enough for a screen.
  var isDrawn: Bool { size.columns >= App.smallest.columns && size.rows >= App.smallest.rows }
  /// The cases of researchers' queues that wait for a blind answer, as the ledger knows them.
  var blindCases: Set<ShortHash> = []
  /// What undo takes back, in words; nil while nobody asked in this session.
  var undoing: String?
  /// Whether the last key asked for an undo that was only told.
  var isUndoOffered = false
  /// The same of a redo.
  var isRedoOffered = false
  /// Whether it was said that the collector's token only reads.
  var isReadOnly = false
  /// The verdict that was saved last, to be given again.
  var lastGiven: Judgement?

  public var places: [Place] = [.models]
  /// Where one has been before.
  var trail = Trail()
  var bookmarks = Bookmarks()
  public var models = ModelsScreen.State()
  public var infer: InferScreen.State?
  public var `case`: CaseScreen.State?
  public var drift: DriftScreen.State?
  public var review = ReviewScreen.State()
  public var outbox = OutboxScreen.State()
  public var inbox = InboxScreen.State()
  public var feedback = FeedbackScreen.State()
  public var search = SearchScreen.State()
  public var log = LogScreen.State()

  public var overlay: Overlay?
  /// What was typed while a save was on its way.
  var ahead = TypedAhead()
  /// The lines of the overlay, where it is an outline.
  var wrapped: WrappedOutline?
  public var toast: Message?
  /// The filter prompt while it is open.
  public var filter: TextInput?
  public var lastProblem: Problem?
  public var service = Link.unknown
  public var collector = Link.unknown
  /// Whether the analyst asked for the exchange that is under way, and is to be told how it went.
  var asksForSync = false
  /// Why nothing is sent before somebody acts; nil where nothing stops it.
  var syncStop: Problem?
  public var waiting = 0
  /// Keys of a sequence that is not complete yet.
  var pending: [Key] = []
  /// Digits typed before a move.
  var count: Int?

  public init(context: String, analyst: String, keymap: Keymap = .standard) {
    self.context = context
    self.analyst = analyst
    self.keymap = keymap
  }

  public var place: Place { places.last ?? .models }

  /// The time of day at a moment of the loop's clock: what is recorded is not dated by the header's minute.
  func time(at milliseconds: Int) -> Timestamp {
    now.advanced(bySeconds: Double(milliseconds - nowMilliseconds) / 1000)
  }

  mutating func tick(_ now: Timestamp, _ milliseconds: Int) {
    self.now = now
    nowMilliseconds = milliseconds
  }

  /// Whether the screen on top asks for text or an answer: keys are then no commands.
  var isAsking: Bool {
    switch place {
    case .infer: infer?.isAsking ?? false
    case .case: self.case?.isAsking ?? false
    case .review: review.composing != nil || review.editor?.isAsking ?? false
    case .models: models.asking != nil
    case .inbox: inbox.isAsking
    case .outbox: outbox.choosing != nil
    case .search: search.isTyping
    case .drift, .feedback, .log: false
    }
  }

  /// The model that the screen on top is about.
  var model: ModelID? {
    switch place {
    case .infer(let id), .drift(let id): id
    case .case: self.case?.case?.model
    case .review: review.selected?.content.case.model
    case .models: models.selected?.id
    case .feedback: feedback.shown.model.map { ModelID($0, version: feedback.shown.version) }
    case .search: search.selected?.model
    case .outbox, .inbox, .log: nil
    }
  }
}
