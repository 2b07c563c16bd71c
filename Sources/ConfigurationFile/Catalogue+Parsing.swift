public import Domain

extension Catalogue {
  /// Reads a catalogue file; docs/catalogue.md has every setting.
  public init(parsing bytes: [UInt8], layer: SignatureLayer = .catalogue) throws(Mistakes) {
    var reader = TableReader(try Document(bytes).root, title: "the catalogue")
    var entries: [Entry] = []
    for (name, node) in reader.tables("models") {
      var model = TableReader(node, title: "[models.\(name)]")
      let supplement = SignatureSupplement(reading: &model, layer: layer)
      reader.note(model.finish())
      let (plain, version) = Catalogue.split(name)
      entries.append(Entry(name: plain, version: version, supplement: supplement))
    }
    let mistakes = reader.finish(others: ["contexts": "it belongs in config.toml"])
    if !mistakes.isEmpty { throw Mistakes(mistakes) }
    self.init(entries: entries)
  }

  /// `iris@2` is version 2 of iris.
  private static func split(_ name: String) -> (name: RawText, version: RawText?) {
    guard let mark = name.lastIndex(of: "@"), mark != name.startIndex, name.index(after: mark) < name.endIndex else {
      return (RawText(name), nil)
    }
    return (RawText(String(name[..<mark])), RawText(String(name[name.index(after: mark)...])))
  }
}

extension SignatureSupplement {
  /// What a model is for, as a catalogue writes it.
  private enum Role: String, CaseIterable { case predictor, explainer, drift, outlier }

  fileprivate init(reading reader: inout TableReader, layer: SignatureLayer) {
    self.init(layer: layer, platform: reader.string("platform").map { RawText($0) })
    for name in ["summary", "task_question"] {
      if let text = reader.string(name) { parameters.append(JSON.Member(RawText(name), .text(text))) }
    }
    if let role = reader.word("role", of: Role.self) { parameters.append(JSON.Member("role", .text(role.rawValue))) }
    if let serves = reader.string("serves") { parameters.append(JSON.Member("serves", .text(serves))) }
    if let isStateless = reader.bool("stateless") { parameters.append(JSON.Member("stateless", .bool(isStateless))) }
    if let threshold = reader.number("threshold") { parameters.append(JSON.Member("threshold", .number(threshold))) }
    if let classes = reader.texts("classes") { parameters.append(JSON.Member("class_names", classes)) }
    inputs = SignatureSupplement.tensors("inputs", &reader) { (name, tensor) in
      TensorSupplement(input: name, reading: &tensor)
    }
    outputs = SignatureSupplement.tensors("outputs", &reader) { (name, tensor) in
      TensorSupplement(output: name, reading: &tensor)
    }
  }

  private static func tensors(
    _ name: String, _ reader: inout TableReader, _ read: (String, inout TableReader) -> TensorSupplement
  ) -> [TensorSupplement] {
    var tensors: [TensorSupplement] = []
    for (key, node) in reader.tables(name) {
      var tensor = TableReader(node, title: "\(reader.title.dropLast()).\(name).\(key)]")
      tensors.append(read(key, &tensor))
      reader.note(tensor.finish())
    }
    return tensors
  }
}

extension TensorSupplement {
  fileprivate init(input name: String, reading reader: inout TableReader) {
    self.init(name: RawText(name))
    readShape(&reader)
    if let type = reader.string("content_type") { parameters.append(JSON.Member("content_type", .text(type))) }
    if let names = reader.texts("features") { parameters.append(JSON.Member("feature_names", names)) }
    if let units = reader.texts("units") ?? reader.string("unit").map({ .array([.text($0)]) }) {
      parameters.append(JSON.Member("units", units))
    }
    if let ranges = reader.ranges("ranges") { parameters.append(JSON.Member("ranges", .array(ranges))) }
    if let range = reader.range("range") { parameters.append(JSON.Member("value_range", range)) }
    if let labels = reader.texts("categories") { parameters.append(JSON.Member("categories", labels)) }
    if let isOptional = reader.bool("optional") { parameters.append(JSON.Member("optional", .bool(isOptional))) }
  }

  fileprivate init(output name: String, reading reader: inout TableReader) {
    self.init(name: RawText(name))
    readShape(&reader)
    if let classes = reader.texts("classes") { parameters.append(JSON.Member("class_names", classes)) }
  }

  private mutating func readShape(_ reader: inout TableReader) {
    if let text = reader.string("datatype") {
      datatype = Datatype(rawValue: text.uppercased())
      if datatype == nil {
        let names = Datatype.allCases.map(\.rawValue)
        reader.note(
          Mistake(
            line: reader.line(of: "datatype"), what: "there is no datatype \(quoted(text))",
            advice: TableReader.suggestion(for: text.uppercased(), among: names, or: names.joined(separator: ", "))))
      }
    }
    shape = reader.extents("shape")
  }
}
