internal import Domain
internal import Foundation

/// The shipped models, records and expectations, as the tests read them.
enum Fixtures {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "fixtures")

  static let models = ["wine", "cargo", "message-triage", "digits"]

  static func json(_ path: String) throws -> JSON {
    try JSON(parsing: Data(contentsOf: root.appending(path: path)), elements: 8_000_000)
  }

  /// A model's records by their id.
  static func records(_ model: String) throws -> [RawText: JSON] {
    let lines = try Data(contentsOf: root.appending(path: "records/\(model).jsonl")).split(separator: 0x0A)
    var records: [RawText: JSON] = [:]
    for line in lines {
      let record = try JSON(parsing: line)
      if let id = record["id"]?.text { records[id] = record["inputs"] }
    }
    return records
  }

  /// The request that carries these records, built by the model's own settings.
  static func request(_ model: String, _ records: [JSON], id: String? = nil) throws -> JSON {
    let inputs = try json("models/\(model)/settings.json")["inputs"]?.array ?? []
    let tensors = inputs.map { input -> JSON in
      let name = input["name"]?.text ?? ""
      let names = input["parameters"]?["feature_names"]?.texts
      let data = records.flatMap { record -> [JSON] in
        if let names { return names.map { record[$0] ?? .null } }
        return record[name]?.array ?? [record[name] ?? .null]
      }
      let shape = [JSON.integer(Int64(records.count))] + (input["shape"]?.array?.dropFirst() ?? [])
      return .object([
        "name": .string(name), "datatype": input["datatype"] ?? .null, "shape": .array(shape), "data": .array(data),
      ])
    }
    var members: [JSON.Member] = []
    if let id { members.append(.init("id", .text(id))) }
    members.append(.init("inputs", .array(tensors)))
    return .object(members)
  }

  /// A copy of the models' folder that a test may change; it is gone when the closure returns.
  static func withCopy<Value>(
    of models: [String], _ body: (URL) async throws -> Value
  ) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-models-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for model in models {
      try FileManager.default.copyItem(
        at: root.appending(path: "models/\(model)"), to: folder.appending(path: model))
    }
    return try await body(folder)
  }
}
