/// What an analyst says of the model's answer.
public enum Verdict: String, Hashable, Sendable, CaseIterable, Codable {
  case agree, disagree, unsure, skip
}

/// Before or after the model's answer was seen.
public enum JudgementStage: String, Hashable, Sendable, Codable {
  case initial, final
}

/// How much of the model's answer was on screen when the analyst decided.
public enum Assistance: String, Hashable, Sendable, Codable {
  case blind, prediction, explanation
}

/// What an analyst says of a case.
public struct Judgement: Hashable, Sendable {
  public var verdict: Verdict?
  /// The correct label, where the analyst names one.
  public var label: RawText?
  /// The correct value, for a model that answers with a number.
  public var value: Double?
  /// 1 to 5.
  public var confidence: Int?
  public var reasons: [RawText]
  public var note: RawText
  /// For a skip: for me alone, or for everybody.
  public var skipsForOthers: Bool

  public init(
    verdict: Verdict? = nil, label: RawText? = nil, value: Double? = nil, confidence: Int? = nil,
    reasons: [RawText] = [], note: RawText = "", skipsForOthers: Bool = false
  ) {
    self.verdict = verdict
    self.label = label
    self.value = value
    self.confidence = confidence
    self.reasons = reasons
    self.note = note
    self.skipsForOthers = skipsForOthers
  }

  public var isEmpty: Bool { self == Judgement() }

  /// What an analyst holds for right in place of the model's answer.
  public enum Right: Hashable, Sendable {
    case label(RawText)
    case value(Double)
  }

  /// The label or the number that is right, where the analyst named one.
  public var right: Right? {
    get { label.map { .label($0) } ?? value.map { .value($0) } }
    set {
      label = if case .label(let label) = newValue { label } else { nil }
      value = if case .value(let value) = newValue { value } else { nil }
    }
  }

  /// The label or the number that is right, as text.
  public var rightText: RawText? { label ?? value.map { RawText(Decimal.shortest($0)) } }
}

/// What an analyst says of an explanation or a part of it.
public enum MarkKind: String, Hashable, Sendable, CaseIterable, Codable {
  case spurious, missing, wrongSign = "wrong_sign", agrees

  /// The key that sets it, and its sign on screen.
  public var sign: String {
    switch self {
    case .spurious: "!"
    case .missing: "+"
    case .wrongSign: "~"
    case .agrees: "="
    }
  }

  /// The mark in words.
  public var word: String {
    switch self {
    case .spurious: "spurious"
    case .missing: "missing"
    case .wrongSign: "wrong sign"
    case .agrees: "agrees"
    }
  }
}

/// A mark on one part of an explanation, or on the whole.
public struct Mark: Hashable, Sendable {
  public var kind: MarkKind?
  /// The feature, token, pixel, predicate or region; nil for the whole explanation.
  public var target: RawText?
  /// Which of the explanation's parts of that name it is on; nil where there is one, and where nobody noted it.
  public var occurrence: Explanation.Occurrence?
  /// How useful the whole was, 1 to 5.
  public var rating: Int?
  /// Who gave the explanation that it is on; nil where it was not noted.
  public var explainer: ModelID?
  /// The class whose shares it is on, where the explanation has those of several.
  public var label: RawText?

  public init(
    kind: MarkKind?, target: RawText?, occurrence: Explanation.Occurrence? = nil, rating: Int? = nil,
    explainer: ModelID? = nil, label: RawText? = nil
  ) {
    self.kind = kind
    self.target = target
    self.occurrence = occurrence
    self.rating = rating
    self.explainer = explainer
    self.label = label
  }
}

extension Mark {
  /// The part that it is on; nil for the whole explanation.
  public var part: Explanation.Part? { target.map { Explanation.Part($0, occurrence: occurrence) } }
}

/// The states of an event on its way to the researchers.
public enum EventState: String, Hashable, Sendable, CaseIterable, Codable {
  case saved, sent, received, archived, wedged
}
