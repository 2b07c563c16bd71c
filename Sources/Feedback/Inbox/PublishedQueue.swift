public import Domain

/// Records that researchers drew for review. The records themselves are a file that is fetched when the analyst takes the
/// queue: a line of JSON each, as `mds cases import` reads them, with `propensity` and `score` beside.
public struct PublishedQueue: Hashable, Sendable {
  /// What the analyst is told of it, in a line; may be empty.
  public var title: RawText
  /// The model that judges records without an answer of their own.
  public var model: ModelID
  /// How many records it has.
  public var count: Int
  /// Records that they were drawn from.
  public var population: Int
  /// How they were drawn, in a word: `random`, or the researchers' own.
  public var sampler: RawText
  /// Whether answers are hidden until the analyst's first.
  public var isBlind: Bool
  /// When it is wanted; nil for no such day.
  public var due: Timestamp?
  /// The SHA-256 of the file, and its bytes.
  public var content: Hash
  public var bytes: Int

  public init(
    title: RawText = "", model: ModelID, count: Int, population: Int, sampler: RawText = "random",
    isBlind: Bool = false, due: Timestamp? = nil, content: Hash, bytes: Int
  ) {
    self.title = title
    self.model = model
    self.count = count
    self.population = population
    self.sampler = sampler
    self.isBlind = isBlind
    self.due = due
    self.content = content
    self.bytes = bytes
  }
}

extension PublishedQueue: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    guard let content = try json.optionalHash("sha256") else { throw EventBodyError("sha256 is missing") }
    self.init(
      title: try json.raw("title"),
      model: ModelID(try json.requiredRaw("model"), version: try json.optionalRaw("version")),
      count: try json.requiredInt("count"), population: try json.requiredInt("population"),
      sampler: try json.raw("sampler"), isBlind: try json.optionalBool("blind") ?? false,
      due: try json.optionalTime("due"), content: content, bytes: try json.requiredInt("bytes"))
    guard count > 0, population >= count, bytes > 0 else {
      throw EventBodyError("count, population and bytes do not fit together")
    }
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.putUnlessEmpty("title", title)
    object.put("model", JSON.raw(model.name))
    object.put("version", model.version)
    object.put("count", count)
    object.put("population", population)
    object.put("sampler", JSON.raw(sampler))
    object.put("blind", isBlind)
    object.put("due", due)
    object.put("sha256", RawText(content.hex))
    object.put("bytes", bytes)
    return object.json
  }
}
