public import Domain
public import Feedback

/// What is known of a case when it opens.
public struct CaseContent: Equatable, Sendable {
  public var `case`: Case
  public var signature: Signature?
  /// The drift window that holds the case's time.
  public var window: Window?
  /// A judgement that was being made when the line went.
  public var draft: Draft?
  /// The analyst's own judgement in force.
  public var own: GivenJudgement?
  /// The analyst's own marks in force.
  public var ownMarks: [Mark]
  /// How often the model was right here at about this confidence.
  public var record: TrackRecord?
  /// Whether an explainer serves the model; nil where the service was never asked.
  public var canExplain: Bool?
  /// What the model was asked beside the record, the newest first.
  public var probes: [Probe]
  /// The researchers' guideline in force for the model; nil where there is none.
  public var guideline: Guideline?
  /// What was decided of the case, by the researchers or an analyst; the newest counts.
  public var decision: Adjudication?
  /// What they ask of the case and nobody here has answered.
  public var questions: [Question]
  /// Who judged it, oneself among them, and what each holds for true.
  public var judges: [Judges.Judge]
  /// Whether the analyst flagged it for another look.
  public var isFlagged: Bool

  /// The analyst's note, as it was saved or else begun.
  var note: RawText { own?.judgement.note ?? draft?.judgement.note ?? "" }

  /// The same under another guideline, or none.
  func judged(by guideline: Guideline?) -> CaseContent {
    var content = self
    content.guideline = guideline
    return content
  }

  public init(
    case: Case, signature: Signature?, window: Window? = nil, draft: Draft? = nil, own: GivenJudgement? = nil,
    ownMarks: [Mark] = [], record: TrackRecord? = nil, canExplain: Bool? = false, probes: [Probe] = [],
    guideline: Guideline? = nil, decision: Adjudication? = nil, questions: [Question] = [],
    judges: [Judges.Judge] = [], isFlagged: Bool = false
  ) {
    self.isFlagged = isFlagged
    self.judges = judges
    self.case = `case`
    self.signature = signature
    self.window = window
    self.draft = draft
    self.own = own
    self.ownMarks = ownMarks
    self.record = record
    self.canExplain = canExplain
    self.probes = probes
    self.guideline = guideline
    self.decision = decision
    self.questions = questions
  }

  /// The labels to judge with: the signature's where it knows more than the answer has.
  var labels: [RawText] {
    let answered = `case`.prediction.classes.map(\.label)
    guard let classes = signature?.classes, classes.count > answered.count else { return answered }
    return classes
  }

  /// Whether the model answered with a number.
  var isOfNumber: Bool { if case .value = `case`.prediction.answer { true } else { false } }
}
