/// Why a model answered as it did, as one explainer says it.
public struct Explanation: Hashable, Sendable {
  /// The model that explained.
  public var explainer: ModelID
  /// The method in words: `Tree SHAP`, `Anchor`.
  public var method: RawText
  public var content: Content
  /// Milliseconds that it took; nil where it was imported.
  public var latency: Double?

  public enum Content: Hashable, Sendable {
    case attributions(Attributions)
    case anchor(Anchor)
    /// What no reader here understands, kept whole.
    case other(JSON)
  }

  public init(explainer: ModelID, method: RawText, content: Content, latency: Double? = nil) {
    self.explainer = explainer
    self.method = method
    self.content = content
    self.latency = latency
  }
}

/// Additive attributions: for each class a base and a share for each feature, which add up to f(x).
public struct Attributions: Hashable, Sendable {
  /// The scale that the shares are on.
  public enum Link: String, Hashable, Sendable, Codable {
    /// Log-odds up to a constant that all classes share (softmax), as tree boosters give.
    case margin
    /// Log-odds of the second of two classes.
    case logOdds
    /// Logit of each class's own probability.
    case logit
    /// The probability or value itself.
    case identity
  }

  /// What a share belongs to.
  public struct Feature: Hashable, Sendable {
    public var name: RawText
    /// The record's value, as text; empty where there is none.
    public var value: RawText

    public init(name: RawText, value: RawText = "") {
      self.name = name
      self.value = value
    }
  }

  /// One class's base and shares.
  public struct ClassShares: Hashable, Sendable {
    public var label: RawText
    /// f(x) of the background.
    public var base: Double
    /// One a feature, in their order.
    public var shares: [Double]
    /// f(x) as the explainer's model gave it; nil where it did not say.
    public var output: Double?

    public init(label: RawText, base: Double, shares: [Double], output: Double? = nil) {
      self.label = label
      self.base = base
      self.shares = shares
      self.output = output
    }

    /// Base and shares, added up.
    public var sum: Double { shares.reduce(base, +) }

    /// How far the sum is from f(x); nil where f(x) is not known.
    public var gap: Double? { output.map { abs(sum - $0) } }
  }

  public var link: Link
  /// Whether the shares are computed, not sampled.
  public var isExact: Bool
  public var features: [Feature]
  public var classes: [ClassShares]
  /// How the features lie: in a list, as words of a text, as pixels of a picture.
  public var layout: Layout

  public enum Layout: Hashable, Sendable {
    case list
    /// Feature `index` is token `index` of the text; those past the tokens are rows of their own.
    case tokens([Token])
    case pixels(rows: Int, columns: Int)
  }

  /// A word of a text and where it stands.
  public struct Token: Hashable, Sendable {
    public var text: RawText
    /// Bytes of the text that it covers.
    public var start: Int
    public var end: Int

    public init(text: RawText, start: Int, end: Int) {
      self.text = text
      self.start = start
      self.end = end
    }
  }

  public init(
    link: Link, isExact: Bool, features: [Feature], classes: [ClassShares], layout: Layout = .list
  ) {
    self.link = link
    self.isExact = isExact
    self.features = features
    self.classes = classes
    self.layout = layout
  }

  /// Feature indices of a class by falling size of their share, ties in the features' order.
  public func ranked(class index: Int) -> [Int] {
    guard classes.indices.contains(index) else { return [] }
    let shares = classes[index].shares
    return shares.indices.sorted { abs(shares[$0]) == abs(shares[$1]) ? $0 < $1 : abs(shares[$0]) > abs(shares[$1]) }
  }
}

/// A rule that holds the answer in place: IF all predicates THEN the answer, with its estimated precision.
public struct Anchor: Hashable, Sendable {
  /// The predicates, or the words of a text; empty is a real answer: nothing is needed.
  public var predicates: [RawText]
  /// Share of perturbed rows under the rule with the same answer, an estimate.
  public var precision: Double
  /// Share of perturbed rows that the rule covers, an estimate.
  public var coverage: Double
  /// Precision after adding each predicate in turn.
  public var steps: [Double]
  /// Byte offsets of the words in a text; empty for tables.
  public var positions: [Int]
  /// For a picture: the segments, row by row, and those that the anchor keeps.
  public var segments: Segments?

  public struct Segments: Hashable, Sendable {
    public var rows: Int
    public var columns: Int
    /// One id a pixel.
    public var ids: [Int]
    public var kept: [Int]

    public init(rows: Int, columns: Int, ids: [Int], kept: [Int]) {
      self.rows = rows
      self.columns = columns
      self.ids = ids
      self.kept = kept
    }
  }

  public init(
    predicates: [RawText], precision: Double, coverage: Double, steps: [Double] = [], positions: [Int] = [],
    segments: Segments? = nil
  ) {
    self.predicates = predicates
    self.precision = precision
    self.coverage = coverage
    self.steps = steps
    self.positions = positions
    self.segments = segments
  }
}
