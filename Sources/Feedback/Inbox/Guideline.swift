public import Domain

/// How analysts are to judge the cases of a model. Its version is kept with every judgement that it was in force for.
public struct Guideline: Hashable, Sendable {
  /// A short word, such as `g7`.
  public var version: RawText
  /// The model that it is for; nil for every model that has none of its own.
  public var model: RawText?
  /// What is asked, in one line; empty where the text alone says it.
  public var question: RawText
  /// The whole text, lines as they were written.
  public var text: RawText
  /// The reasons to choose from; empty where the program's own do.
  public var reasons: [RawText]

  /// Reasons that have a digit each.
  public static let mostReasons = 9

  public init(version: RawText, model: RawText? = nil, question: RawText = "", text: RawText, reasons: [RawText] = []) {
    self.version = version
    self.model = model
    self.question = question
    self.text = text
    self.reasons = reasons
  }

  /// The name of the item that carries it: a later one for the same model takes its place.
  public var name: RawText { model ?? Guideline.forEveryModel }

  /// The name of the one for models that have none of their own.
  public static let forEveryModel: RawText = "every model"
}

extension Guideline: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      version: try json.requiredRaw("version"), model: try json.optionalRaw("model"),
      question: try json.raw("question"), text: try json.requiredRaw("text"), reasons: try json.raws("reasons"))
    guard !version.isEmpty else { throw EventBodyError("version is empty") }
    guard reasons.count <= Guideline.mostReasons else {
      throw EventBodyError("reasons has \(reasons.count) of \(Guideline.mostReasons) at most")
    }
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("version", JSON.raw(version))
    object.put("model", model)
    object.putUnlessEmpty("question", question)
    object.put("text", JSON.raw(text))
    object.put("reasons", JSON.array(reasons.map(JSON.raw)))
    return object.json
  }
}
