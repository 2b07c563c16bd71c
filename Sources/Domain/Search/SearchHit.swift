/// A case that was found.
public struct SearchHit: Hashable, Sendable, Identifiable {
  public var id: ShortHash
  public var number: Int
  public var at: Timestamp
  public var sourceID: RawText
  public var model: ModelID
  /// The model's answer in a word, and its probability.
  public var label: RawText
  public var probability: Double?
  public var isOutlier: Bool
  /// The analyst's own verdict in force.
  public var verdict: Verdict?
  /// Where it was found; nil where nothing but the case itself was asked for.
  public var match: SearchMatch?

  public init(
    id: ShortHash, number: Int, at: Timestamp, sourceID: RawText = "", model: ModelID, label: RawText,
    probability: Double? = nil, isOutlier: Bool = false, verdict: Verdict? = nil, match: SearchMatch? = nil
  ) {
    self.id = id
    self.number = number
    self.at = at
    self.sourceID = sourceID
    self.model = model
    self.label = label
    self.probability = probability
    self.isOutlier = isOutlier
    self.verdict = verdict
    self.match = match
  }

  /// `8841 3fa9c1`.
  public var name: String { "\(number) \(id.short)" }
}

/// What matched, in its place.
public struct SearchMatch: Hashable, Sendable {
  public enum Place: String, Hashable, Sendable, CaseIterable {
    /// The case's own number or digits.
    case number
    case model, answer
    /// The source's own id of the record.
    case source
    /// A text of the record.
    case field
    case verdict, label, reason, note, mark, flag, decision
  }

  public var place: Place
  /// The field, or who said it; empty for what is the case's own.
  public var of: RawText
  /// The text around what was found: before it, itself, and after it.
  public var before: RawText
  public var found: RawText
  public var after: RawText
  /// Whether it was taken back or said anew since.
  public var isPast: Bool

  public init(
    _ place: Place, of name: RawText = "", before: RawText = "", found: RawText, after: RawText = "",
    isPast: Bool = false
  ) {
    self.place = place
    of = name
    self.before = before
    self.found = found
    self.after = after
    self.isPast = isPast
  }

  /// The text without the break where something was found.
  public var text: RawText { before.appending(found).appending(after) }
}

/// What a search found, the newest case first.
public struct SearchResults: Hashable, Sendable {
  public var hits: [SearchHit]
  /// Whether more match than these: only the newest were taken.
  public var isCut: Bool
  /// Cases of the context in all.
  public var cases: Int

  public init(_ hits: [SearchHit], isCut: Bool = false, cases: Int) {
    self.hits = hits
    self.isCut = isCut
    self.cases = cases
  }
}

extension SearchQuery {
  /// Whether it found a case by its answer: who must not see that is not shown the hit either.
  public func tellsAnswer(of hit: SearchHit) -> Bool { picksByAnswer || hit.match?.place.tellsAnswer == true }
}

extension SearchMatch.Place {
  /// Whether what is found there tells what the model answered.
  public var tellsAnswer: Bool {
    switch self {
    case .answer, .verdict, .label, .reason, .note, .mark, .flag, .decision: true
    case .number, .model, .source, .field: false
    }
  }
}
