public import Domain
public import Feedback

/// What a screen asks of the world: requests as values, so that tests compare them. Answers come back as actions.
public enum Effect: Equatable, Sendable {
  /// The loop's own timer; a newer one replaces an older one. Answered by `rested`.
  case rest(milliseconds: Int)
  case quit
  case redraw
  case suspend

  case loadModels
  /// Lists the models anew whenever the control plane tells that something changed; answered by `refreshed`, until
  /// `leaveModels`.
  case followModels
  case leaveModels
  /// Lists the models again and again, ever more rarely, until the service answers; answered by `seeking` before each.
  case seekService
  /// Lists the models once more, beside what is on screen; answered by `refreshed`.
  case refreshModels
  /// Metadata of one model: its signature and what serves it.
  case loadModel(ModelID)
  /// Loads or unloads a model at the server, after the analyst said yes.
  case load(LoadOrder)
  /// Lets detectors be asked that may keep state, after the analyst said yes.
  case allowDetectors([RawText])
  case infer(InferenceOrder)
  /// An inference whose answer is shown while it comes; answered by `streamed` and at its end by `answered`.
  case generate(GenerationOrder)
  /// Waits no longer for the answer to the last `infer` or `generate`.
  case stopInference
  /// The explanations and the outlier score of a case that has none yet; one task a case.
  case explain(ShortHash)
  case loadHistory(ModelID)
  case readInputs(path: String, ModelID)
  /// Scores a file, one a model at a time, until it is stopped; answered by `scored`, also on the way.
  case scoreFile(path: String, ModelID)
  case stopScoring(ModelID)
  /// Hands text to $EDITOR; answered by `edited`.
  case edit(String)
  /// Hands the text being typed to $EDITOR; answered by `textEdited`.
  case editText(String)
  case copy(String)
  /// Shows text in $PAGER.
  case view(String)

  case loadCase(ShortHash)
  case loadQueue(QueueOrder)
  case loadDrift(ModelID, width: WindowWidth)
  /// Compares the windows with cases of the ledger; answered by `arrived`.
  case compareDrift(DriftScreen.Content, with: DriftBaseline)
  /// Writes a drift report to a file, as it is on screen.
  case saveDrift(DriftScreen.Snapshot)
  /// The cases of a drift window; those in the bins of a feature that grew most come first.
  case loadWindowCases(ModelID, from: Timestamp, to: Timestamp, feature: RawText?)
  /// Asks the model about a case's record with one value changed; kept in the ledger.
  case probe(ProbeOrder)
  /// Looks for changes of one feature that flip the label; a few requests, until it is stopped.
  case findFlips(ShortHash)
  case stopFlips(ShortHash)
  /// Looks for cases in the ledger; a newer one ends an older one.
  case search(SearchOrder)
  /// The case of a hit, with what is said of it.
  case loadFound(ShortHash)
  case loadOutbox
  /// An event of one's own stream, whole; answered by `eventArrived`.
  case loadEvent(sequence: Int)
  /// Writes what the collector lacks as a signed bundle.
  case exportOutbox
  case loadInbox
  /// Keeps the words of an answer that is being written.
  case keepAnswer(item: RawText, text: RawText)
  /// Saves the answer to a question of the researchers'.
  case answer(item: RawText, text: RawText)
  /// Brings a published queue into the ledger: its records, their answers and why; answered by `taken`.
  case takeQueue(RawText)
  /// Counts what analysts say of a model; answered by `arrived`.
  case loadFeedback(FeedbackScreen.Order)
  /// The cases of a slice, those that the model has wrong first; answered by `feedbackCases`.
  case loadFeedbackCases(FeedbackScreen.Order, by: SliceKind, named: RawText)
  /// Writes the report to a file.
  case exportFeedback(FeedbackScreen.Order)
  case sync
  case retry(sequence: Int)
  /// Says which of one's own versions of a word on a case stands.
  case choose(ShortHash, EventID)

  /// The themes to choose from; answered by `themesArrived`.
  case loadThemes
  /// The cases with a judgement that was begun and not saved; answered by `draftsArrived`.
  case loadDrafts(opens: Bool)
  /// The cases of researchers' queues that wait for a blind answer; answered by `blindCasesArrived`.
  case loadBlindCases
  /// The guidelines that are in force now; answered by `guidelinesArrived`.
  case loadGuidelines
  case saveDraft(Draft)
  case discardDraft(ShortHash)
  case commit(Commit)
  /// Notes that the model's answer was looked at before an own one was given.
  case reveal(Reveal)
  /// Saves what an analyst decided between judges.
  case decide(DecisionOrder)
  /// Remembers that a case was looked at and left without a judgement.
  case looked(Look)
  /// Takes back the last step; one of an earlier session is only told, unless that is wanted.
  case undo(isWanted: Bool)
  /// Brings back the step that was taken back last; one of an earlier session is only told, unless that is wanted.
  case redo(isWanted: Bool)
}

/// A record on its way to a model.
public struct InferenceOrder: Equatable, Sendable {
  /// Rises with every order of a session: the answer to an older one is not shown.
  public var number: Int
  public var model: ModelID
  public var values: [FieldValue]
  /// The source's own id of the record, and when it occurred, where the form has a file's record unchanged.
  public var sourceID: RawText = ""
  public var at: Timestamp?
  /// Whether the case is opened and explained.
  public var explains: Bool

  public init(number: Int, model: ModelID, values: [FieldValue], explains: Bool) {
    self.number = number
    self.model = model
    self.values = values
    self.explains = explains
  }
}

/// A text on its way to a model that answers in pieces.
public struct GenerationOrder: Equatable, Sendable {
  /// Counted together with the orders of inferences.
  public var number: Int
  public var model: ModelID
  /// Missing ones stay out of the request.
  public var values: [FieldValue]

  public init(number: Int, model: ModelID, values: [FieldValue]) {
    self.number = number
    self.model = model
    self.values = values
  }
}

/// How wide a drift window is.
public enum WindowWidth: String, Hashable, Sendable, CaseIterable {
  case oneHour = "1 h"
  case sixHours = "6 h"
  case oneDay = "1 d"

  /// Seconds of one window.
  public var seconds: Int64 {
    switch self {
    case .oneHour: 3600
    case .sixHours: 21_600
    case .oneDay: 86_400
    }
  }

  /// The width after this one, round and round.
  public var next: WindowWidth {
    switch self {
    case .oneHour: .sixHours
    case .sixHours: .oneDay
    case .oneDay: .oneHour
    }
  }
}

/// Which cases a review queue holds.
public struct QueueOrder: Equatable, Sendable {
  /// Only this model's cases; nil for all.
  public var model: RawText?
  public var sampler: Sampler
  /// Whether answers are hidden until the analyst's first.
  public var isBlind: Bool
  /// A queue of the researchers' that was taken, in place of one that the sampler draws.
  public var taken: TakenOrder?
  /// Cases that a blind queue does not draw.
  public var without: Set<ShortHash> = []
  /// The queue that was drawn and is to be read again; nil for another one.
  public var drawn: RawText?

  public init(
    model: RawText? = nil, sampler: Sampler = .mixed, isBlind: Bool = false, taken: TakenOrder? = nil
  ) {
    self.model = model
    self.sampler = sampler
    self.isBlind = isBlind
    self.taken = taken
  }

  /// Whether the same cases are wanted, whatever is shown of them.
  func wantsSame(as other: QueueOrder) -> Bool {
    model == other.model && sampler == other.sampler && taken == other.taken
  }
}

/// Which queue of the researchers' is reviewed.
public struct TakenOrder: Hashable, Sendable {
  /// The item that published it.
  public var id: RawText
  public var name: RawText

  public init(id: RawText, name: RawText) {
    self.id = id
    self.name = name
  }
}

/// A judgement in the making: kept while the analyst decides, offered again after a lost line.
public struct Draft: Hashable, Sendable {
  public var caseID: ShortHash
  public var judgement: Judgement
  public var marks: [Mark]
  /// The marks that stood when it was begun: those that are no longer among `marks` are taken back.
  public var knownMarks: [Mark]
  public var savedAt: Timestamp?

  public init(
    caseID: ShortHash, judgement: Judgement = Judgement(), marks: [Mark] = [], knownMarks: [Mark] = [],
    savedAt: Timestamp? = nil
  ) {
    self.caseID = caseID
    self.judgement = judgement
    self.marks = marks
    self.knownMarks = knownMarks
    self.savedAt = savedAt
  }

  /// Whether it says nothing: no judgement, and no other marks than those that stood.
  public var isEmpty: Bool { judgement.isEmpty && marks == knownMarks }
}

/// Why and how likely a case came into a queue; kept with the judgement.
public struct QueueStamp: Hashable, Sendable {
  public var queue: String
  public var sampler: String
  public var score: Double
  /// The probability, over 0 and at most 1, that the sampler picked the case.
  public var propensity: Double
  /// Whether the queue hides each answer until the analyst has given one.
  public var isBlind: Bool

  public init(queue: String, sampler: String, score: Double, propensity: Double, isBlind: Bool = false) {
    self.queue = queue
    self.sampler = sampler
    self.score = score
    self.propensity = propensity
    self.isBlind = isBlind
  }
}

/// A judgement to save for good, with what the analyst saw and how long it took.
public struct Commit: Equatable, Sendable {
  public var caseID: ShortHash
  /// The case as it was on screen, which is what is judged, whatever has come into its place since; nil for the case as it
  /// is kept.
  public var shown: Case?
  /// What its values were called on screen; nil where its tensors' names stood there. Read where `shown` is there.
  public var signature: Signature?
  public var judgement: Judgement
  public var marks: [Mark]
  /// The marks that stood when the analyst began: those that are not among `marks` are taken back.
  public var knownMarks: [Mark]
  public var stage: JudgementStage
  public var assistance: Assistance
  public var timing: JudgementBody.Timing
  /// Indices of the explanations that were on screen, the one that was in focus first.
  public var seenExplanations: [Int]
  public var queue: QueueStamp?
  /// The drift window that was on screen.
  public var window: Window?
  /// The version of the guideline that was in force when the case opened; empty for none.
  public var guideline: RawText
  /// Whether a flag is raised or taken down, and nothing else said; nil for a judgement.
  public var flag: Bool?
  public var isFlag: Bool { flag != nil }

  public init(
    caseID: ShortHash, shown: Case? = nil, signature: Signature? = nil, judgement: Judgement, marks: [Mark] = [],
    knownMarks: [Mark] = [],
    stage: JudgementStage = .final, assistance: Assistance = .explanation, timing: JudgementBody.Timing,
    seenExplanations: [Int] = [],
    queue: QueueStamp? = nil,
    window: Window? = nil, guideline: RawText = "", flag: Bool? = nil
  ) {
    self.caseID = caseID
    self.shown = shown
    self.signature = signature
    self.judgement = judgement
    self.marks = marks
    self.knownMarks = knownMarks
    self.stage = stage
    self.assistance = assistance
    self.timing = timing
    self.seenExplanations = seenExplanations
    self.queue = queue
    self.window = window
    self.guideline = guideline
    self.flag = flag
  }
}

/// A look at the model's answer before an own one was given: it is recorded, and what is answered then is not blind.
public struct Reveal: Equatable, Sendable {
  public var caseID: ShortHash
  /// The case as it came on screen; nil for the case as it is kept.
  public var shown: Case?
  /// What its values were called on screen; nil where its tensors' names stood there. Read where `shown` is there.
  public var signature: Signature?
  /// Indices of the explanations that came on screen with the answer.
  public var seenExplanations: [Int]
  public var queue: QueueStamp?
  /// The drift window that came on screen.
  public var window: Window?
  /// The version of the guideline in force; empty for none.
  public var guideline: RawText
  /// How long the record alone was on screen.
  public var timing: JudgementBody.Timing

  public init(
    caseID: ShortHash, shown: Case? = nil, signature: Signature? = nil, seenExplanations: [Int] = [],
    queue: QueueStamp? = nil, window: Window? = nil, guideline: RawText = "", timing: JudgementBody.Timing
  ) {
    self.caseID = caseID
    self.shown = shown
    self.signature = signature
    self.seenExplanations = seenExplanations
    self.queue = queue
    self.window = window
    self.guideline = guideline
    self.timing = timing
  }
}
