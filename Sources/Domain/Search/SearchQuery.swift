/// What is looked for among cases: words and filters that must all hold, as an analyst types them.
public struct SearchQuery: Hashable, Sendable {
  /// Words and phrases; each must be in one record, or in one thing that was said of it.
  public var words: [String] = []
  /// Whether the last word may be the beginning of a longer one: it is still being typed.
  public var isOpen = false
  /// The whole name, else its beginning where no model has that name.
  public var model: RawText?
  public var version: RawText?
  /// A label that somebody gave, or agreed with.
  public var label: RawText?
  /// Who said something of the case: the name's beginning; `me` is oneself. A verdict or a label that is asked for as
  /// well is then this analyst's.
  public var analyst: RawText?
  public var verdict: Verdict?
  /// The case's own time, from on and before.
  public var since: Timestamp?
  public var before: Timestamp?
  /// Only cases on which the analyst has, or has not, a judgement in force.
  public var isJudged: Bool?
  public var isOutlier: Bool?
  /// Whether the analyst flagged it for another look.
  public var isFlagged: Bool?
  /// What could not be read, each in a sentence that says what would do.
  public var faults: [String] = []

  public init() {}

  /// Whether it picks cases by what the model answered or by what was said of that.
  public var picksByAnswer: Bool { label != nil || analyst != nil || verdict != nil || isOutlier != nil }

  /// Whether nothing is asked: every case is meant.
  public var isEmpty: Bool { self == SearchQuery() }

  /// The filters with what each takes, as help shows them.
  public static let filters: [(name: String, takes: String)] = [
    ("model:", "a name"), ("version:", "a version"), ("label:", "a label that somebody gave"),
    ("by:", "an analyst, or me"), ("verdict:", "agree, disagree, unsure, skip"),
    ("since:", "2026-11-01, 36h, 3d"), ("before:", "the same"), ("is:", "open, judged, outlier, flagged"),
  ]

  /// Whether the last word may still become a filter: it begins the name of one. What it finds as a word may be nothing.
  public var mayBecomeFilter: Bool {
    guard isOpen, let word = words.last, !word.isEmpty else { return false }
    return Self.filters.contains { $0.name.hasPrefix(word) }
  }

  /// Reads what was typed: words, `"a phrase"`, `model:wine`, `by:"ana maria"`. A filter that is not finished, that
  /// does not exist, or that asks for a second thing, is a fault and filters nothing.
  public init(_ text: String, now: Timestamp) {
    var given: [String: String] = [:]
    for part in SearchPart.parts(of: text) {
      guard let key = part.key else {
        words.append(part.text)
        isOpen = !part.isQuoted
        continue
      }
      // All must hold, and no case is both: the last one alone would be a wrong count.
      let subject = key == "is" && ["outlier", "flagged"].contains(part.text) ? part.text : key
      if let first = given[subject], !first.isEmpty, !part.text.isEmpty, first != part.text {
        faults.append("\(key): is asked for twice, \(first) and \(part.text)")
        continue
      }
      given[subject] = part.text
      take(key, part.text, now)
    }
  }

  private mutating func take(_ key: String, _ value: String, _ now: Timestamp) {
    guard let filter = Self.filters.first(where: { $0.name == key + ":" }) else {
      let near = EditDistance.nearest(to: key, in: Self.filters.map { String($0.name.dropLast()) })
      let other = near.map { "is \($0): meant, or " } ?? ""
      faults.append("\(key): is no filter; \(other)\"\(key):\(value)\" looks for the words")
      return
    }
    guard !value.isEmpty else {
      faults.append("\(filter.name) takes \(filter.takes)")
      return
    }
    switch key {
    case "model": model = RawText(value)
    case "version": version = RawText(value)
    case "label": label = RawText(value)
    case "by": analyst = RawText(value)
    case "verdict":
      verdict = Verdict(rawValue: value)
      if verdict == nil { refuse(filter, value) }
    case "since":
      since = Self.moment(value, now)
      if since == nil { refuse(filter, value) }
    case "before":
      before = Self.moment(value, now)
      if before == nil { refuse(filter, value) }
    default:
      switch value {
      case "judged": isJudged = true
      case "open": isJudged = false
      case "outlier": isOutlier = true
      case "flagged": isFlagged = true
      default: refuse(filter, value)
      }
    }
  }

  private mutating func refuse(_ filter: (name: String, takes: String), _ value: String) {
    faults.append("\(filter.name) takes \(filter.takes), not \(value)")
  }

  /// A day or a time, or an age before `now`.
  private static func moment(_ text: String, _ now: Timestamp) -> Timestamp? {
    let units: [Character: Double] = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    if let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()), (0..<1_000_000).contains(count) {
      return now.advanced(bySeconds: -Double(count) * unit)
    }
    return Timestamp(text)
  }
}

/// A word, a phrase or a filter out of what was typed.
struct SearchPart {
  /// What stands before the colon of a filter; nil for words.
  var key: String?
  var text: String
  /// Whether it was closed by a quotation mark.
  var isQuoted: Bool

  static func parts(of text: String) -> [SearchPart] {
    var parts: [SearchPart] = []
    var rest = Substring(text)
    while true {
      rest = rest.drop(while: \.isWhitespace)
      guard !rest.isEmpty else { return parts }
      let key = rest.prefix { ("a"..."z").contains($0) }
      var filter: String?
      if !key.isEmpty, rest.dropFirst(key.count).first == ":" {
        filter = String(key)
        rest = rest.dropFirst(key.count + 1)
      }
      if rest.first == "\"" {
        let inside = rest.dropFirst().prefix { $0 != "\"" }
        rest = rest.dropFirst(1 + inside.count)
        let isClosed = !rest.isEmpty
        rest = rest.dropFirst()
        if filter != nil || !inside.isEmpty {
          parts.append(SearchPart(key: filter, text: String(inside), isQuoted: isClosed))
        }
      } else {
        let word = rest.prefix { !$0.isWhitespace }
        rest = rest.dropFirst(word.count)
        parts.append(SearchPart(key: filter, text: String(word), isQuoted: false))
      }
    }
  }
}
