internal import Domain
internal import OpenInference

/// The messages of Seldon Core 1's prediction API (`prediction.proto`, in its JSON form) ⇄ tensors.
enum SeldonMessage {
  /// Rows as `data`, which has names and either one matrix of numbers or rows of mixed values; a text or an object of
  /// its own where the input is called so.
  static func encoded(_ inputs: [Tensor], id: String) -> JSON {
    let meta = JSON.Member("meta", .object([JSON.Member("puid", .text(id))]))
    if inputs.count == 1, inputs[0].count == 1, let text = inputs[0].texts?[0] {
      if inputs[0].name == "strData" { return .object([meta, JSON.Member("strData", .string(text))]) }
      if inputs[0].name == "jsonData", let json = try? JSON(parsing: text.bytes) {
        return .object([meta, JSON.Member("jsonData", json)])
      }
    }
    var members: [JSON.Member] = []
    let names = inputs.flatMap(names)
    if !names.isEmpty { members.append(JSON.Member("names", .array(names.map(JSON.string)))) }
    if inputs.count == 1, let values = inputs[0].numbers {
      members.append(
        JSON.Member(
          "tensor",
          .object([
            JSON.Member("shape", .array(inputs[0].shape.map { .integer(Int64($0)) })),
            JSON.Member("values", .array(values.map(JSON.number))),
          ])))
    } else {
      let rows = inputs.first?.shape.first ?? 0
      members.append(JSON.Member("ndarray", .array((0..<rows).map { row in .array(inputs.flatMap { $0.cells(row) }) })))
    }
    return .object([meta, JSON.Member("data", .object(members))])
  }

  private static func names(of tensor: Tensor) -> [RawText] {
    let rows = max(1, tensor.shape.first ?? 1)
    if let names = tensor[parameter: "feature_names"]?.texts, names.count == tensor.count / rows { return names }
    return tensor.count == rows ? [tensor.name] : []
  }

  /// Reads an answer as one output. Its names are the classes' where there are as many as columns.
  static func response(decoding body: [UInt8]) throws(OpenInferenceError) -> InferenceResponse {
    let json = try parsed(body)
    var response = InferenceResponse(modelName: "", outputs: [])
    if let version = json["meta"]?["tags"]?["model_version"]?.text { response.modelVersion = version }
    if let text = json["strData"]?.text {
      response.outputs = [Tensor(name: "strData", datatype: .bytes, shape: [1, 1], elements: .bytes([text]))]
    } else if let object = json["jsonData"] {
      let text = RawText(bytes: object.serialized)
      response.outputs = [Tensor(name: "jsonData", datatype: .bytes, shape: [1, 1], elements: .bytes([text]))]
    } else if let text = json["binData"]?.text {
      guard let bytes = Base64.decoded(text.bytes) else { throw OpenInferenceError(.notBase64, at: "binData") }
      response.outputs = [
        Tensor(name: "binData", datatype: .bytes, shape: [1, 1], elements: .bytes([RawText(bytes: bytes)]))
      ]
    } else {
      guard let data = json["data"] else { throw OpenInferenceError(.missing, at: "data") }
      response.outputs = [try tensor(in: data)]
    }
    return response
  }

  private static func parsed(_ body: [UInt8]) throws(OpenInferenceError) -> JSON {
    do {
      return try JSON(parsing: body)
    } catch {
      throw OpenInferenceError(.notJSON(error.reason, offset: error.offset))
    }
  }

  private static func tensor(in data: JSON) throws(OpenInferenceError) -> Tensor {
    var tensor: Tensor
    if let whole = data["tensor"] {
      let shape = (whole["shape"]?.array ?? []).compactMap { $0.integer.map { Int($0) } }
      let values = (whole["values"]?.array ?? []).map { $0.number ?? .nan }
      guard Tensor.product(shape) == values.count else {
        throw OpenInferenceError(.expected("as many values as the shape has"), at: "data.tensor")
      }
      tensor = Tensor(name: "data", datatype: .fp64, shape: shape, elements: .double(values))
    } else if let rows = data["ndarray"]?.array {
      tensor = try matrix(rows)
    } else {
      throw OpenInferenceError(.expected("a tensor or an ndarray"), at: "data")
    }
    let names = data["names"]?.texts ?? []
    // Without names the wrapper makes up t:0, t:1, ….
    if names.count == tensor.shape.last, names.count > 1, !names.enumerated().allSatisfy({ $1 == RawText("t:\($0)") }) {
      tensor.parameters = [JSON.Member("class_names", .array(names.map(JSON.string)))]
    }
    return tensor
  }

  /// Rows of numbers, or of texts where any cell is one; a flat list is one column.
  private static func matrix(_ rows: [JSON]) throws(OpenInferenceError) -> Tensor {
    let cells = rows.map { $0.array ?? [$0] }
    let width = cells.first?.count ?? 0
    guard cells.allSatisfy({ $0.count == width }) else {
      throw OpenInferenceError(.expected("rows of one length"), at: "data.ndarray")
    }
    let flat = cells.flatMap(\.self)
    let shape = [rows.count, width]
    let numbers = flat.map { $0 == .null ? .nan : $0.number }
    if numbers.allSatisfy({ $0 != nil }) {
      return Tensor(name: "data", datatype: .fp64, shape: shape, elements: .double(numbers.map { $0 ?? .nan }))
    }
    let texts = flat.map { $0.text ?? RawText(bytes: $0.serialized) }
    return Tensor(name: "data", datatype: .bytes, shape: shape, elements: .bytes(texts))
  }

  /// Reads what a graph says of itself: a model's `inputs` and `outputs`, or those of a whole graph.
  static func metadata(decoding body: [UInt8]) throws(OpenInferenceError) -> ModelMetadata {
    let json = try parsed(body)
    return ModelMetadata(
      name: json["name"]?.text ?? "model", versions: json["versions"]?.texts ?? [],
      platform: json["platform"]?.text ?? "",
      inputs: (json["inputs"] ?? json["graphinputs"])?.array?.enumerated().compactMap { spec($1, "feature_names", $0) }
        ?? [],
      outputs: (json["outputs"] ?? json["graphoutputs"])?.array?.enumerated()
        .compactMap { spec($1, "class_names", $0) } ?? [])
  }

  /// `{"messagetype", "schema": {"names", "shape"}}` of one record, or a tensor's name, datatype and shape.
  private static func spec(_ json: JSON, _ names: RawText, _ index: Int) -> TensorSpec? {
    if let name = json["name"]?.text, let type = json["datatype"]?.string {
      let shape = (json["shape"]?.array ?? []).compactMap { $0.integer.map { Int($0) } }
      return TensorSpec(name: name, datatype: Datatype(rawValue: type) ?? .fp64, shape: shape)
    }
    guard let type = json["messagetype"]?.text else { return nil }
    if ["strData", "jsonData", "binData"].contains(type) {
      return TensorSpec(name: type, datatype: .bytes, shape: [-1, 1])
    }
    let shape = (json["schema"]?["shape"]?.array ?? []).compactMap { $0.integer.map { Int($0) } }
    var spec = TensorSpec(name: index == 0 ? "data" : RawText("data\(index)"), datatype: .fp64, shape: [-1] + shape)
    if let texts = json["schema"]?["names"] { spec.parameters = [JSON.Member(names, texts)] }
    return spec
  }
}

extension Tensor {
  /// The cells of one row as JSON.
  fileprivate func cells(_ row: Int) -> [JSON] {
    let rows = max(1, shape.first ?? 1)
    let width = count / rows
    return (row * width..<(row + 1) * width).map { index in
      if let texts { return texts[index].map(JSON.string) ?? .null }
      if case .signed(let values) = elements { return .integer(values[index]) }
      if case .bool(let values) = elements { return .bool(values[index]) }
      return number(at: index).map(JSON.number) ?? .null
    }
  }
}
