internal import Domain

/// What a JSON value lacks to be an inference request, as MLServer's validator lists it.
enum RequestFaults {
  static func all(in json: JSON) -> [Refusal.Fault] {
    guard case .object = json else {
      return [
        .init(
          kind: "model_attributes_type", location: ["body"],
          message: "Input should be a valid dictionary or object to extract fields from", input: json)
      ]
    }
    var faults: [Refusal.Fault] = []
    if let id = json["id"], id != .null, id.text == nil {
      faults.append(
        .init(kind: "string_type", location: ["body", "id"], message: "Input should be a valid string", input: id))
    }
    switch json["inputs"] {
    case nil: faults.append(.missing(["body", "inputs"], in: json))
    case .array(let inputs):
      for (index, input) in inputs.enumerated() {
        faults += self.input(input, at: ["body", "inputs", .integer(Int64(index))])
      }
    case let other?: faults.append(notAList(other, at: ["body", "inputs"]))
    }
    switch json["outputs"] {
    case nil, .null: break
    case .array(let outputs):
      for (index, output) in outputs.enumerated() where output["name"]?.text == nil {
        faults.append(.missing(["body", "outputs", .integer(Int64(index)), "name"], in: output))
      }
    case let other?: faults.append(notAList(other, at: ["body", "outputs"]))
    }
    return faults
  }

  private static func input(_ input: JSON, at location: [JSON]) -> [Refusal.Fault] {
    guard case .object = input else {
      return [
        .init(
          kind: "model_attributes_type", location: location,
          message: "Input should be a valid dictionary or object to extract fields from", input: input)
      ]
    }
    var faults: [Refusal.Fault] = []
    func missing(_ name: RawText) { faults.append(.missing(location + [.string(name)], in: input)) }
    if input["name"]?.text == nil { missing("name") }
    switch input["shape"] {
    case nil: missing("shape")
    case .array(let extents):
      for (index, extent) in extents.enumerated() where extent.integer == nil {
        faults.append(
          .init(
            kind: "int_type", location: location + ["shape", .integer(Int64(index))],
            message: "Input should be a valid integer", input: extent))
      }
    case let other?: faults.append(notAList(other, at: location + ["shape"]))
    }
    switch input["datatype"] {
    case nil: missing("datatype")
    case let datatype?:
      if datatype.string.flatMap(Datatype.init) == nil {
        faults.append(
          .init(
            kind: "enum", location: location + ["datatype"], message: "Input should be \(datatypes)", input: datatype,
            context: .object(["expected": .text(datatypes)])))
      }
    }
    if input["data"] == nil, input["parameters"]?["binary_data_size"]?.integer == nil { missing("data") }
    return faults
  }

  private static func notAList(_ value: JSON, at location: [JSON]) -> Refusal.Fault {
    .init(kind: "list_type", location: location, message: "Input should be a valid list", input: value)
  }

  private static var datatypes: String {
    let names = Datatype.allCases.map { "'\($0.rawValue)'" }
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }
}
