internal import Domain

/// What a JSON value lacks to be an inference request, as MLServer's validator lists it.
enum RequestFaults {
  static func all(in json: JSON) -> [Refusal.Fault] {
    guard case .object = json else { return [.notAnObject(json, at: ["body"])] }
    var faults: [Refusal.Fault] = []
    if let id = json["id"], id != .null, id.text == nil { faults.append(.notText(id, at: ["body", "id"])) }
    faults += parameters(json["parameters"], at: ["body", "parameters"])
    switch json["inputs"] {
    case nil: faults.append(.missing(["body", "inputs"], in: json))
    case .array(let inputs):
      for (index, input) in inputs.enumerated() {
        faults += self.input(input, at: ["body", "inputs", .integer(Int64(index))])
      }
    case let other?: faults.append(.notAList(other, at: ["body", "inputs"]))
    }
    switch json["outputs"] {
    case nil, .null: break
    case .array(let outputs):
      for (index, output) in outputs.enumerated() {
        faults += self.output(output, at: ["body", "outputs", .integer(Int64(index))])
      }
    case let other?: faults.append(.notAList(other, at: ["body", "outputs"]))
    }
    return faults
  }

  private static func input(_ input: JSON, at location: [JSON]) -> [Refusal.Fault] {
    guard case .object = input else { return [.notAnObject(input, at: location)] }
    var faults = name(in: input, at: location)
    switch input["shape"] {
    case nil: faults.append(.missing(location + ["shape"], in: input))
    case .array(let extents):
      for (index, extent) in extents.enumerated() where extent.integer == nil {
        faults.append(
          .init(
            kind: "int_type", location: location + ["shape", .integer(Int64(index))],
            message: "Input should be a valid integer", input: extent))
      }
    case let other?: faults.append(.notAList(other, at: location + ["shape"]))
    }
    switch input["datatype"] {
    case nil: faults.append(.missing(location + ["datatype"], in: input))
    case let datatype?:
      if datatype.string.flatMap(Datatype.init) == nil {
        faults.append(
          .init(
            kind: "enum", location: location + ["datatype"], message: "Input should be \(datatypes)", input: datatype,
            context: .object(["expected": .text(datatypes)])))
      }
    }
    faults += parameters(input["parameters"], at: location + ["parameters"])
    if input["data"] == nil, input["parameters"]?["binary_data_size"]?.integer == nil {
      faults.append(.missing(location + ["data"], in: input))
    }
    return faults
  }

  private static func output(_ output: JSON, at location: [JSON]) -> [Refusal.Fault] {
    guard case .object = output else { return [.notAnObject(output, at: location)] }
    return name(in: output, at: location) + parameters(output["parameters"], at: location + ["parameters"])
  }

  private static func name(in tensor: JSON, at location: [JSON]) -> [Refusal.Fault] {
    switch tensor["name"] {
    case nil: [.missing(location + ["name"], in: tensor)]
    case .string: []
    case let other?: [.notText(other, at: location + ["name"])]
    }
  }

  private static func parameters(_ parameters: JSON?, at location: [JSON]) -> [Refusal.Fault] {
    switch parameters {
    case nil, .null, .object: []
    case let other?: [.notAnObject(other, at: location)]
    }
  }

  private static var datatypes: String {
    let names = Datatype.allCases.map { "'\($0.rawValue)'" }
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }
}
