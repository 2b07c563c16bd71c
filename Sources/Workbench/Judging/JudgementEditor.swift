public import Domain
public import Feedback
public import Frames
internal import SafeText

/// The analyst's judgement in the making: verdict keys, digits, marks and a note fill a draft; `s` saves it.
public struct JudgementEditor: Equatable, Sendable {
  /// What the next key means.
  public enum Mode: Equatable, Sendable {
    case idle
    /// A digit, or j k Enter, picks the right label.
    case label(selected: Int)
    /// The right number is typed, where the answer is one.
    case number(TextInput)
    /// A digit sets the confidence.
    case confidence
    /// Digits set and unset reasons, Enter ends.
    case reasons
    /// 1 for me, 2 for others.
    case skip
    case note(TextInput)
  }

  /// A judgement, and the label that was named where that is the model's own.
  private struct Said: Equatable {
    var judgement: Judgement
    var name: RawText?
  }

  public var draft: Draft
  public var mode: Mode = .idle
  public var attention: ActiveTime
  /// The labels to choose from.
  public var labels: [RawText]
  /// Whether the answer is a number: what is right is one too.
  public var isOfNumber = false
  /// The model's answer while it is on screen: its own label or number is no disagreement.
  public var answer: RawText?
  /// The label that was named and is the model's own: the next case may have another answer.
  public internal(set) var named: RawText?
  /// How often a verdict was given with its own keys: the same one again is given again.
  private(set) var given = 0
  /// The judgement in force, which what was begun and is taken off goes back to.
  private var inForce = Judgement()
  /// What was said before the question what is right was asked: whoever leaves it has said nothing.
  private var unasked: Said?
  /// The draft as it was asked to be saved, until that is done or has failed.
  var asked: Draft?
  /// The reasons to choose from.
  public var reasons: [RawText] = JudgementEditor.standardReasons
  /// The version of the guideline in force; empty where there is none.
  public var guideline: RawText = ""
  /// What the analyst's last saved event on this case was.
  public var saved: Int?
  /// Whether the saved judgement still says what the draft says.
  public var isSaved: Bool { saved != nil && !hasChanged }
  var hasChanged = false

  /// Reasons where no guideline gives its own.
  public static let standardReasons: [RawText] = ["data wrong", "one-off value", "rule misses context", "other"]

  public init(caseID: ShortHash, labels: [RawText], guideline: Guideline? = nil, attention: ActiveTime) {
    draft = Draft(caseID: caseID)
    self.labels = labels
    self.attention = attention
    take(guideline)
  }

  /// Judges by another guideline from now on, or by none; what was begun stays.
  mutating func take(_ guideline: Guideline?) {
    let before = reasons
    self.guideline = guideline?.version ?? ""
    let own = guideline?.reasons ?? []
    reasons = own.isEmpty ? JudgementEditor.standardReasons : own
    // What was picked by another guideline stays in sight, to be unset.
    reasons += draft.judgement.reasons.filter { !reasons.contains($0) }
    // A digit would mean another reason than the one that was read.
    if mode == .reasons, reasons != before { mode = .idle }
  }

  /// Begins on a case as it is known: from the draft that was kept, else from the judgement in force.
  init(_ content: CaseContent, attention: ActiveTime) {
    self.init(
      caseID: content.case.id, labels: content.labels, guideline: content.guideline, attention: attention)
    isOfNumber = content.isOfNumber
    inForce = content.own?.judgement ?? Judgement()
    if let draft = content.begun {
      restore(draft)
    } else {
      begin(from: content.own, marks: content.ownMarks)
    }
  }

  /// Takes up a draft that was kept, unless the analyst has already begun anew.
  public mutating func restore(_ kept: Draft) {
    guard kept.caseID == draft.caseID, draft.judgement.isEmpty, draft.marks.isEmpty else { return }
    draft = kept
    hasChanged = true
  }

  /// Begins from the judgement in force, as saved, and from the marks, which need none. A first answer that was given blind
  /// is no last word yet.
  private mutating func begin(from own: GivenJudgement?, marks: [Mark]) {
    draft.judgement = inForce
    draft.marks = marks
    draft.knownMarks = marks
    saved = own?.savedAsFinal
  }

  /// Takes the judgement in force as it is now, after an undo or a redo; what was begun and not saved stays.
  public mutating func reset(to content: CaseContent) {
    let own = content.own
    saved = own?.savedAsFinal
    inForce = own?.judgement ?? Judgement()
    guard !isAsking else {
      // Nobody's words end in the middle: what is being said is said of the judgement as it is now.
      hasChanged = true
      unasked = Said(judgement: inForce)
      return
    }
    draft =
      content.begun
      ?? Draft(
        caseID: draft.caseID, judgement: own?.judgement ?? Judgement(), marks: content.ownMarks,
        knownMarks: content.ownMarks)
    hasChanged = content.begun != nil
    named = nil
    mode = .idle
  }

  /// Takes what else is known of the case now; what was begun and not saved stays.
  mutating func goOn(with content: CaseContent) {
    labels = content.labels
    isOfNumber = content.isOfNumber
    take(content.guideline)
    if !hasChanged, !isAsking { reset(to: content) }
  }

  /// Takes over what the same case's other screen has.
  mutating func takeUp(_ other: JudgementEditor) {
    draft = other.draft
    saved = other.saved
    hasChanged = other.hasChanged
    named = other.named
    inForce = other.inForce
    asked = other.asked
    mode = .idle
  }

  /// Takes what was saved as the draft to go on from: the first answer, before a second one.
  public mutating func goOn(from judgement: Judgement) {
    draft.judgement = judgement
    inForce = judgement
    mode = .idle
  }

  /// Notes that the draft was committed as it was then. What was changed since, and words that belong to a judgement which
  /// was not given yet, are kept as the draft that they are.
  public mutating func committed(_ commit: Commit, as sequence: Int) -> [Effect] {
    asked = nil
    // A first answer is not the last word, which is still to be saved; and nothing may have been new.
    if commit.stage == .final, sequence > 0 { saved = sequence }
    draft.savedAt = nil
    if commit.stage == .final, !commit.isFlag {
      draft.knownMarks = commit.marks
      // Words without a verdict are a draft as before.
      if commit.judgement.verdict != nil { inForce = commit.judgement }
    }
    let isWhole = commit.judgement.verdict != nil || draft.judgement.isEmpty
    hasChanged = !isWhole || draft.judgement != commit.judgement || hasOtherMarks
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
    case .note, .number: true
    case .label: key.digit != nil || [.escape, .enter, .up, .down, .text("j"), .text("k")].contains(key)
    case .confidence, .skip: key.digit != nil || key == .escape
    case .reasons: key.digit != nil || key == .escape || key == .enter
    }
  }

  /// Whether printable keys are text.
  public var isTyping: Bool {
    switch mode {
    case .note, .number: true
    case .idle, .label, .confidence, .reasons, .skip: false
    }
  }

  /// The note while it is written.
  var noteInput: TextInput? {
    if case .note(let input) = mode { input } else { nil }
  }

  /// Whether there is something to save: a verdict, or marks that are not as they were saved.
  public var canSave: Bool { draft.judgement.verdict != nil || hasOtherMarks }

  private var hasOtherMarks: Bool { Set(draft.marks) != Set(draft.knownMarks) }

  /// What was begun and is saved with a verdict alone.
  var waiting: [String] {
    let begun = draft.judgement
    let parts = [
      ("a note", begun.note != ""), ("a confidence", begun.confidence != nil), ("reasons", !begun.reasons.isEmpty),
    ]
    return begun.verdict == nil ? parts.filter(\.1).map(\.0) : []
  }

  /// Whether a verdict stands in the draft, or what belongs to one, that is not saved.
  var canTakeOff: Bool {
    var begun = draft.judgement
    begun.note = inForce.note
    return begun != inForce
  }

  /// Changes the draft and keeps it; one that says nothing new is no draft.
  mutating func change(_ edit: (inout Draft) -> Void) -> [Effect] {
    let before = draft
    edit(&draft)
    guard draft != before else { return [] }
    draft.savedAt = nil
    let isAsInForce = draft.judgement == inForce && !hasOtherMarks
    guard saved == nil ? !draft.isEmpty : !isAsInForce else {
      hasChanged = false
      return [.discardDraft(draft.caseID)]
    }
    hasChanged = true
    return [.saveDraft(draft)]
  }

  /// Gives a verdict with the keys that are its own.
  mutating func give(_ edit: (inout Judgement) -> Void) -> [Effect] {
    given += 1
    named = nil
    return change { edit(&$0.judgement) }
  }

  /// The mark on a part of an explainer's explanation, on the shares of one class where there are several.
  func mark(on part: Explanation.Part, of explainer: ModelID?, class label: RawText?) -> MarkKind? {
    draft.marks.first { $0.isOn(part, of: explainer, class: label) }?.kind
  }

  /// Answers a command that fills the draft; nil for any other.
  public mutating func perform(
    _ command: Command, target: Explanation.Part?, of explainer: ModelID? = nil, class label: RawText? = nil,
    at milliseconds: Int
  ) -> [Effect]? {
    attention.key(at: milliseconds)
    switch command {
    case .agree: return setVerdict(.agree)
    case .unsure: return setVerdict(.unsure)
    case .disagree: return disagree()
    case .takeOff: return takeOff()
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
      mode = .note(TextInput(draft.judgement.note.string, keepsLines: true))
      return []
    case .markSpurious: return mark(.spurious, target, explainer, label)
    case .markMissing: return mark(.missing, target, explainer, label)
    case .markWrongSign: return mark(.wrongSign, target, explainer, label)
    case .markAgrees: return mark(.agrees, target, explainer, label)
    default: return nil
    }
  }

  private mutating func setVerdict(_ verdict: Verdict) -> [Effect] {
    give { judgement in
      judgement.verdict = verdict
      if verdict != .disagree { judgement.right = nil }
      judgement.skipsForOthers = false
    }
  }

  /// What is right instead is asked for, and the verdict is not given before.
  private mutating func disagree() -> [Effect] {
    let (before, said) = (given, Said(judgement: draft.judgement, name: named))
    let effects = setVerdict(.disagree)
    guard isOfNumber || !labels.isEmpty else { return effects }
    given = before
    unasked = said
    mode = isOfNumber ? .number(TextInput(draft.judgement.value.map(Decimal.shortest) ?? "")) : .label(selected: 0)
    return effects
  }

  /// The judgement is as in force again; the note and the marks stay.
  private mutating func takeOff() -> [Effect] {
    let standing = inForce
    named = nil
    return change { draft in
      let note = draft.judgement.note
      draft.judgement = standing
      draft.judgement.note = note
    }
  }

  /// Leaves the question what is right as if it had not been asked.
  mutating func leaveQuestion() -> [Effect] {
    mode = .idle
    guard let said = unasked else { return [] }
    named = said.name
    return change { $0.judgement = said.judgement }
  }

  private mutating func mark(
    _ kind: MarkKind, _ target: Explanation.Part?, _ explainer: ModelID?, _ label: RawText?
  ) -> [Effect] {
    guard let target else { return [] }
    return change { draft in
      let before = draft.marks.filter { $0.isOn(target, of: explainer, class: label) }
      draft.marks.removeAll(where: before.contains)
      guard !before.contains(where: { $0.kind == kind }) else { return }
      draft.marks.append(
        Mark(kind: kind, target: target.name, occurrence: target.occurrence, explainer: explainer, label: label))
    }
  }

  /// Gives a verdict again that was given on another case; nil where it says nothing here: its label is none of this
  /// model's, or it agrees with an answer that is hidden.
  mutating func give(again judgement: Judgement, isHidden: Bool) -> [Effect]? {
    if let label = judgement.label, !labels.contains(label) { return nil }
    if isHidden, judgement.verdict == .agree, judgement.label == nil { return nil }
    let agrees = !isHidden && judgement.label != nil && judgement.label == answer
    let known = judgement.reasons.filter(reasons.contains)
    named = agrees ? judgement.label : nil
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

  /// Rates the whole explanation, 1 to 5.
  public mutating func rate(_ rating: Int, of explainer: ModelID? = nil) -> [Effect] {
    guard (1...5).contains(rating) else { return [] }
    return change { draft in
      draft.marks.removeAll { $0.rating != nil && $0.explainer == explainer }
      draft.marks.append(Mark(kind: nil, target: nil, rating: rating, explainer: explainer))
    }
  }
}

extension GivenJudgement {
  /// The number of the event that says it, where it is a last word: a first answer given blind is not.
  var savedAsFinal: Int? { stage == .final ? sequence : nil }
}

extension CaseContent {
  /// The draft beside the marks that stand now, which may be others than when it was begun: what was put on or taken off
  /// since then is so. Nil where that says nothing new.
  fileprivate var begun: Draft? {
    guard var draft, draft.knownMarks != ownMarks else { return draft }
    let put = draft.marks.filter { !draft.knownMarks.contains($0) }
    let takenOff = draft.knownMarks.filter { !draft.marks.contains($0) }
    draft.marks =
      ownMarks.filter { mark in
        !put.contains { $0.isInPlace(of: mark) }
          && !takenOff.contains { $0.isInPlace(of: mark) && $0.kind == mark.kind && $0.rating == mark.rating }
      } + put
    draft.knownMarks = ownMarks
    return draft.isEmpty ? nil : draft
  }
}

extension Mark {
  /// Whether both cannot stand: one part of an explanation has one mark, and the whole one rating.
  fileprivate func isInPlace(of other: Mark) -> Bool {
    guard let part = other.part else { return target == nil && explainer == other.explainer }
    return isOn(part, of: other.explainer, class: other.label)
  }

  /// Whether it stands on a part of an explainer's explanation, on the shares of one class where there are several. One of
  /// before, which did not note which of several parts of a name it is on, stands on each.
  func isOn(_ part: Explanation.Part, of explainer: ModelID?, class label: RawText?) -> Bool {
    guard target == part.name, rating == nil, self.explainer == nil || self.explainer == explainer else { return false }
    guard occurrence == nil || part.occurrence == nil || occurrence == part.occurrence else { return false }
    return self.label == nil || label == nil || self.label == label
  }

  /// Its sign and word, and the class where it is on another one's shares than the answer's.
  func text(beside answer: RawText?) -> SafeText {
    guard let kind else { return .empty }
    let other = label.flatMap { $0 == answer ? nil : " for ".safe + $0.safe } ?? .empty
    return kind.sign.safe + " " + kind.word.safe + other
  }
}
