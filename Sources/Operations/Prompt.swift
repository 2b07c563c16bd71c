public import Deployment
public import Domain

/// What a model is asked for an answer in pieces: values of its form, and parameters that are no inputs.
public struct Prompt: Sendable {
  public var record: Record
  public var parameters: [JSON.Member]
  /// The form's values, to be recalled later; nil where they were no form's.
  public var values: [FieldValue]?

  public init(record: Record, parameters: [JSON.Member] = [], values: [FieldValue]? = nil) {
    self.record = record
    self.parameters = parameters
    self.values = values
  }

  /// A text, and values by name: those that name a field of the model fill it, the others are parameters of the request.
  public init(text: RawText, settings: [(name: RawText, value: RawText)], for description: ModelDescription)
    throws(Problem)
  {
    let signature = description.signature
    guard !signature.inputs.isEmpty else {
      // Nobody described the model: Triton's convention is the only one there is.
      let tensor = Tensor(
        name: "text_input", datatype: .bytes, shape: [1], elements: .bytes([text]),
        parameters: [JSON.Member("content_type", "str")])
      self.init(record: Record(tensors: [tensor]), parameters: settings.map(Prompt.parameter))
      return
    }
    guard let field = signature.textField, let place = signature.fields.firstIndex(of: field) else {
      throw Problem(
        "\(description.id.name.string) takes no text.", advice: "`mds infer` asks it about records.",
        kind: .invalidInput)
    }
    var values = Array(repeating: FieldValue.missing, count: signature.fields.count)
    values[place] = .text(text)
    var parameters: [JSON.Member] = []
    for (name, value) in settings {
      guard let index = signature.fields.firstIndex(where: { $0.name == name }) else {
        parameters.append(Prompt.parameter((name, value)))
        continue
      }
      switch signature.fields[index].value(of: value) {
      case .success(let value): values[index] = value
      case .failure(let problem): throw Problem("\(name.string) \(problem.text)", kind: .invalidInput)
      }
    }
    self.init(record: try signature.record(ofGiven: values), parameters: parameters, values: values)
  }

  /// A text as a command is given it: `-` is what standard input holds, without its last line break.
  public static func text(_ argument: String) throws(Problem) -> RawText {
    guard argument == "-" else { return RawText(argument) }
    let source = try ByteSource("-")
    var bytes: [UInt8] = []
    while let byte = try source.next() {
      bytes.append(byte)
      guard bytes.count <= largestText else {
        throw Problem("The text is longer than \(largestText >> 20) MiB.", kind: .invalidInput)
      }
    }
    if bytes.last == 0x0A { bytes.removeLast() }
    return RawText(bytes: bytes)
  }

  private static let largestText = 16 << 20

  /// A number, a flag or anything else that is JSON is sent as such, the rest as text.
  private static func parameter(_ setting: (name: RawText, value: RawText)) -> JSON.Member {
    JSON.Member(setting.name, (try? JSON(parsing: setting.value.bytes)) ?? .string(setting.value))
  }
}
