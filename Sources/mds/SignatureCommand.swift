import ArgumentParser
import Domain
import Operations

/// What a model's form is made of.
struct SignatureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "signature", abstract: "Show each field of a model's form, and where each fact of it came from.",
    discussion: """
      Services often publish little of a model, or the wrong thing. A catalogue (docs/catalogue.md) completes and \
      corrects it: names, units, ranges, categories, classes. Layers are service, card, catalogue and local; a later \
      one stands over an earlier.

      Examples:
        mds signature wine
        mds signature iris@2 --json
        mds signature bare --from records.csv >> lab-catalogue.toml
      """)

  @Argument(help: "The model, or a version of it as in iris@2.") var model: String
  @Option(
    help: "Print a catalogue's table for the model instead, made of the columns of a CSV file with a header.",
    completion: .file())
  var from: String?
  @Flag(help: "One JSON object a field and line.") var json = false
  @OptionGroup var target: TargetOptions

  func run() async throws {
    if let from {
      let table = try Attempt.now { () throws(Problem) in try CatalogueDraft(model: model, columnsOf: from).text }
      Standard.verbatim(table)
      return
    }
    let workspace = try target.workspace()
    defer { workspace.close() }
    let (found, layers) = try await Attempt.run { () async throws(Problem) in
      let found = try await workspace.model(named: model)
      return (found, try await workspace.layeredSignature(of: found.id))
    }
    if json { Standard.json(layers.fieldObjects) } else { Standard.lines(Self.lines(found, layers)) }
  }

  private static func lines(_ model: Model, _ layers: LayeredSignature) -> [String] {
    let signature = layers.signature
    var lines = ["model    \(model.id.name.string)" + (model.id.version.map { " v\($0.string)" } ?? "")]
    for (title, tensors) in [("input ", layers.inputs), ("output", layers.outputs)] {
      for tensor in tensors {
        let origin = Set(["name", "datatype", "shape"].compactMap { tensor.origins[$0]?.word }).sorted()
        lines.append(
          "\(title)   \(tensor.spec.name.string) \(tensor.spec.text)  (\(origin.joined(separator: ", ")))")
      }
    }
    if !signature.isBatched { lines.append("batch    none: each record is asked about alone  (service)") }
    if !signature.classes.isEmpty {
      lines.append("classes  \(signature.classes.map(\.string).joined(separator: ", "))")
    }
    guard !signature.fields.isEmpty else {
      return lines + [
        "", "No input is published for it: a request is written by hand, as JSON.",
        "`mds signature \(model.id.name.string) --from records.csv` prints a table for a catalogue.",
      ]
    }
    var table = TextTable(["FIELD", "TYPE", "UNIT", "VALUES", "FROM"].map { .init($0) })
    for field in signature.fields {
      table.add([
        field.name.string, field.typeText + (field.isOptional ? "?" : ""), field.unit.string, field.valuesText,
        LayeredSignature.words(layers.origins(of: field)),
      ])
    }
    return lines + [""] + table.lines
  }
}

extension LayeredSignature {
  /// `service`, or `service; range, unit catalogue` where facts come from several.
  fileprivate static func words(_ origins: [(fact: String, layer: SignatureLayer)]) -> String {
    let layers = SignatureLayer.allCases.filter { layer in origins.contains { $0.layer == layer } }
    guard layers.count > 1 else { return layers.first?.word ?? "·" }
    return layers.map { layer in
      let facts = origins.filter { $0.layer == layer }.map(\.fact)
      return layer == layers.first ? layer.word : "\(facts.joined(separator: ", ")) \(layer.word)"
    }.joined(separator: "; ")
  }

  /// A field an object: its type and limits, and the layer of each fact.
  fileprivate var fieldObjects: [JSON] {
    signature.fields.map { field in
      .object([
        "field": .string(field.name), "type": .text(field.typeText), "unit": .string(field.unit),
        "optional": .bool(field.isOptional), "batched": .bool(signature.isBatched),
        "range": field.range.map { .array([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null,
        "categories": field.categories.map { .array($0.map(JSON.string)) } ?? .null,
        "tensor": .string(inputs[field.place.tensor].spec.name), "layer": .text(field.layer.word),
        "layers": .object(
          origins(of: field).map { JSON.Member(RawText($0.fact), .text($0.layer.word)) }),
      ])
    }
  }
}

extension Field {
  fileprivate var categories: [RawText]? { if case .category(let labels) = kind { labels } else { nil } }
}
