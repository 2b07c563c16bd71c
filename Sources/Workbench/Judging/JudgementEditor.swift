public import Domain
public import Feedback
public import Frames

/// The analyst's judgement in the making: verdict keys, digits, marks and a note fill a draft; `s` saves it.
public struct JudgementEditor: Equatable, Sendable {
  /// What the next key means.
  public enum Mode: Equatable, Sendable {
    case idle
    /// A digit, or j k Enter, picks the right label.
    case label(selected: Int)
    /// A digit sets the confidence.
    case confidence
    /// Digits set and unset reasons, Enter ends.
    case reasons
    /// 1 for me, 2 for others.
    case skip
    case note(TextInput)
  }

  public var draft: Draft
  public var mode: Mode = .idle
  public var attention: ActiveTime
  /// The labels to choose from.
  public var labels: [RawText]
  /// The model's answer while it is on screen: its own label is no disagreement.
  public var answer: RawText?
  /// The reasons to choose from.
  public var reasons: [RawText] = JudgementEditor.standardReasons
  /// The version of the guideline in force; empty where there is none.
  public var guideline: RawText = ""
  /// What the analyst's last saved event on this case was.
  public var saved: Int?
  /// Whether the saved judgement still says what the draft says.
  public var isSaved: Bool { saved != nil && !hasChanged }
  private(set) var hasChanged = false

  /// Reasons where no guideline gives its own.
  public static let standardReasons: [RawText] = ["data wrong", "one-off value", "rule misses context", "other"]

  public init(caseID: ShortHash, labels: [RawText], guideline: Guideline? = nil, attention: ActiveTime) {
    draft = Draft(caseID: caseID)
    self.labels = labels
    self.attention = attention
    guard let guideline else { return }
    self.guideline = guideline.version
    if !guideline.reasons.isEmpty { reasons = guideline.reasons }
  }

  /// Takes up a draft that was kept, unless the analyst has already begun anew.
  public mutating func restore(_ kept: Draft) {
    guard kept.caseID == draft.caseID, draft.judgement.isEmpty, draft.marks.isEmpty else { return }
    draft = kept
    hasChanged = true
  }

  /// Begins from the judgement in force, as saved.
  public mutating func begin(from given: GivenJudgement, marks: [Mark]) {
    guard draft.judgement.isEmpty, draft.marks.isEmpty else { return }
    draft.judgement = given.judgement
    draft.marks = marks
    draft.knownMarks = marks
    saved = given.sequence
    hasChanged = false
  }

  /// Takes the judgement in force as it is now, after an undo or a redo; what was begun and not saved stays.
  public mutating func reset(to content: CaseContent) {
    let given = content.own
    guard !isAsking else {
      // Nobody's words end in the middle: what is being said is said of the judgement as it is now.
      saved = given?.sequence
      hasChanged = true
      return
    }
    draft =
      content.draft
      ?? Draft(
        caseID: draft.caseID, judgement: given?.judgement ?? Judgement(), marks: content.ownMarks,
        knownMarks: content.ownMarks)
    saved = given?.sequence
    hasChanged = content.draft != nil
    mode = .idle
  }

  /// Takes what else is known of the case now; what was begun and not saved stays.
  mutating func goOn(with content: CaseContent) {
    labels = content.labels
    if let guideline = content.guideline {
      self.guideline = guideline.version
      if !guideline.reasons.isEmpty { reasons = guideline.reasons }
    }
    if !hasChanged, !isAsking { reset(to: content) }
  }

  /// Takes over what the same case's other screen has.
  mutating func takeUp(_ other: JudgementEditor) {
    draft = other.draft
    saved = other.saved
    hasChanged = other.hasChanged
    mode = .idle
  }

  /// Takes what was saved as the draft to go on from: the first answer, before a second one.
  public mutating func goOn(from judgement: Judgement) {
    draft.judgement = judgement
    draft.marks = []
    mode = .idle
  }

  /// Notes that the draft was committed as it was then. What was changed since, and words that belong to a judgement which
  /// was not given yet, are kept as the draft that they are.
  public mutating func committed(_ commit: Commit, as sequence: Int) -> [Effect] {
    saved = sequence
    draft.savedAt = nil
    if commit.stage == .final, !commit.isFlag { draft.knownMarks = commit.marks }
    let isWhole = commit.judgement.verdict != nil || draft.judgement.isEmpty
    hasChanged = !isWhole || draft.judgement != commit.judgement || draft.marks != commit.marks
    return hasChanged ? [.saveDraft(draft)] : []
  }

  /// Whether keys are text or digits of an answer, not commands.
  public var isAsking: Bool { mode != .idle }

  /// Whether nothing was said or begun since it was saved.
  var isDone: Bool { isSaved && !isAsking }

  /// Whether an open question takes a key: any other ends the question, and is the command that it is.
  func wants(_ key: Key) -> Bool {
    switch mode {
    case .idle: false
    case .note: true
    case .label: key.digit != nil || [.escape, .enter, .up, .down, .text("j"), .text("k")].contains(key)
    case .confidence, .skip: key.digit != nil || key == .escape
    case .reasons: key.digit != nil || key == .escape || key == .enter
    }
  }

  /// Whether printable keys are text.
  public var isTyping: Bool {
    if case .note = mode { true } else { false }
  }

  /// The note while it is written.
  var noteInput: TextInput? {
    if case .note(let input) = mode { input } else { nil }
  }

  /// Whether there is something to save.
  public var canSave: Bool { draft.judgement.verdict != nil || !draft.marks.isEmpty }

  private mutating func change(_ edit: (inout Draft) -> Void) -> [Effect] {
    let before = draft
    edit(&draft)
    guard draft != before else { return [] }
    hasChanged = true
    return [.saveDraft(draft)]
  }

  /// Answers a command that fills the draft; nil for any other.
  public mutating func perform(
    _ command: Command, target: RawText?, of explainer: ModelID? = nil, at milliseconds: Int
  ) -> [Effect]? {
    attention.key(at: milliseconds)
    switch command {
    case .agree: return setVerdict(.agree)
    case .unsure: return setVerdict(.unsure)
    case .disagree:
      let effects = setVerdict(.disagree)
      if !labels.isEmpty { mode = .label(selected: 0) }
      return effects
    case .skip:
      mode = .skip
      return []
    case .confidence:
      mode = .confidence
      return []
    case .reasons:
      mode = .reasons
      return []
    case .note:
      mode = .note(TextInput(draft.judgement.note.string))
      return []
    case .markSpurious: return mark(.spurious, target, explainer)
    case .markMissing: return mark(.missing, target, explainer)
    case .markWrongSign: return mark(.wrongSign, target, explainer)
    case .markAgrees: return mark(.agrees, target, explainer)
    default: return nil
    }
  }

  private mutating func setVerdict(_ verdict: Verdict) -> [Effect] {
    change { draft in
      draft.judgement.verdict = verdict
      if verdict != .disagree { draft.judgement.label = nil }
      draft.judgement.skipsForOthers = false
    }
  }

  private mutating func mark(_ kind: MarkKind, _ target: RawText?, _ explainer: ModelID?) -> [Effect] {
    guard let target else { return [] }
    return change { draft in
      let mark = Mark(kind: kind, target: target, explainer: explainer)
      let wasSet = draft.marks.contains(mark)
      draft.marks.removeAll { $0.target == target && $0.rating == nil && $0.explainer == explainer }
      if !wasSet { draft.marks.append(mark) }
    }
  }

  /// Gives a verdict again that was given on another case; nil where it says nothing here: its label is none of this
  /// model's, or it agrees with an answer that is hidden.
  mutating func give(again judgement: Judgement, isHidden: Bool) -> [Effect]? {
    if let label = judgement.label, !labels.contains(label) { return nil }
    if isHidden, judgement.verdict == .agree, judgement.label == nil { return nil }
    let agrees = !isHidden && judgement.label != nil && judgement.label == answer
    let known = judgement.reasons.filter(reasons.contains)
    return change { draft in
      let note = draft.judgement.note
      draft.judgement = judgement
      draft.judgement.note = note
      draft.judgement.reasons = known
      if agrees {
        draft.judgement.verdict = .agree
        draft.judgement.label = nil
      }
    }
  }

  /// The note as it came back from an editor; still being written.
  mutating func replaceNote(_ text: String) -> [Effect] {
    guard case .note(var input) = mode else { return [] }
    input.replace(with: text)
    mode = .note(input)
    let note = RawText(input.text)
    return change { $0.judgement.note = note }
  }

  /// Rates the whole explanation, 1 to 5.
  public mutating func rate(_ rating: Int, of explainer: ModelID? = nil) -> [Effect] {
    guard (1...5).contains(rating) else { return [] }
    return change { draft in
      draft.marks.removeAll { $0.rating != nil && $0.explainer == explainer }
      draft.marks.append(Mark(kind: nil, target: nil, rating: rating, explainer: explainer))
    }
  }

  /// Takes a key while the editor asks; everything else is a command.
  public mutating func take(_ key: Key, at milliseconds: Int) -> [Effect] {
    attention.key(at: milliseconds)
    switch mode {
    case .idle: return []
    case .label(let selected): return chooseLabel(key, selected)
    case .confidence:
      mode = .idle
      guard let digit = key.digit, (1...5).contains(digit) else { return [] }
      return change { $0.judgement.confidence = digit }
    case .skip:
      mode = .idle
      guard let digit = key.digit, (1...2).contains(digit) else { return [] }
      return change { draft in
        draft.judgement.verdict = .skip
        draft.judgement.label = nil
        draft.judgement.skipsForOthers = digit == 2
      }
    case .reasons:
      guard let digit = key.digit, reasons.indices.contains(digit - 1) else {
        mode = .idle
        return []
      }
      let reason = reasons[digit - 1]
      return change { draft in
        if let index = draft.judgement.reasons.firstIndex(of: reason) {
          draft.judgement.reasons.remove(at: index)
        } else {
          draft.judgement.reasons.append(reason)
        }
      }
    case .note(var input): return typeNote(key, &input)
    }
  }

  private mutating func chooseLabel(_ key: Key, _ selected: Int) -> [Effect] {
    var choice: Int?
    if let digit = key.digit {
      choice = labels.indices.first { JudgementEditor.digit(of: $0, among: labels) == digit }
    } else if key == .down || key == .text("j") {
      mode = .label(selected: min(selected + 1, labels.count - 1))
      return []
    } else if key == .up || key == .text("k") {
      mode = .label(selected: max(selected - 1, 0))
      return []
    } else if key == .enter {
      choice = selected
    }
    mode = .idle
    guard let choice, labels.indices.contains(choice) else { return [] }
    let label = labels[choice]
    let agrees = label == answer
    return change { draft in
      draft.judgement.verdict = agrees ? .agree : .disagree
      draft.judgement.label = agrees ? nil : label
    }
  }

  /// The digit that picks a label: the label itself where all of them are digits, else its place, the tenth's being 0.
  static func digit(of index: Int, among labels: [RawText]) -> Int? {
    let digits = labels.compactMap { label in
      label.bytes.count == 1 ? Int(label.string) : nil
    }
    if digits.count == labels.count { return digits[index] }
    return index < 10 ? (index + 1) % 10 : nil
  }

  private mutating func typeNote(_ key: Key, _ input: inout TextInput) -> [Effect] {
    switch key {
    case .enter, .escape:
      mode = .idle
      let note = RawText(input.text)
      return change { $0.judgement.note = note }
    default:
      _ = input.apply(key)
      mode = .note(input)
      // The draft follows each key: a lost line loses no word.
      let note = RawText(input.text)
      return change { $0.judgement.note = note }
    }
  }

  /// Pasted text goes into the note being written.
  public mutating func paste(_ text: String) -> [Effect] {
    guard case .note(var input) = mode else { return [] }
    input.insert(text)
    mode = .note(input)
    let note = RawText(input.text)
    return change { $0.judgement.note = note }
  }
}
