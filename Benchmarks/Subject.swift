import Deployment
import Domain
import Foundation
import OpenInference
import Transport

/// One model, asked with so many rows in one form, by our client and by those that send the bytes of a file.
final class Subject: Sendable {
  let model: ModelID
  let rows: Int
  let form: WireForm
  let address: String
  let url: String
  let folder: String
  let headerLength: Int?
  private let record: Record
  private let signature: Signature
  private let service: InferenceService
  private let transport: Transport

  var bodyPath: String { folder + "/body" }
  var fieldNames: [String] { signature.fields.map(\.name.string) }
  var title: String { "\(form == .binary ? "binary" : "JSON"), \(rows == 1 ? "1 row" : "\(rows) rows")" }

  init(_ model: ModelID, on url: String, record: Record, rows: Int, form: WireForm) async throws {
    self.model = model
    self.rows = rows
    self.form = form
    address = url.replacing("http://", with: "")
    let version = model.version.map { "/versions/" + $0.string } ?? ""
    self.url = "\(url)/v2/models/\(model.name.string)\(version)/infer"
    // One record of tensors of so many rows: others' clients do not take answers apart either.
    self.record = Record(tensors: record.tensors.map { $0.repeated(rows) })
    transport = Transport()
    var options = InferenceOptions()
    options.binaryFrom = form == .binary ? 1 : .max
    service = try InferenceService(base: url, transport: transport, options: options)
    signature = try await service.metadata(model).signature
    folder = FileManager.default.temporaryDirectory.path + "/mds-bench-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let outputs = signature.outputs.count > 1 ? signature.outputs.map { RequestedOutput($0.name) } : []
    let request = InferenceRequest(id: "bench", inputs: self.record.tensors, outputs: outputs)
    let message = try request.encoded(as: form)
    headerLength = message.headerLength
    try Data(message.body).write(to: URL(fileURLWithPath: folder + "/body"))
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// Measures at each number in flight, and cleans up.
  func measured(_ title: String, _ measure: (Int) async throws -> [Entry]) async throws -> [Entry] {
    defer { remove() }
    _ = try await ask(inFlight: 8, seconds: 0.5)
    var entries: [Entry] = []
    for inFlight in [1, 8, 32] {
      entries += try await measure(inFlight).map { entry in
        var entry = entry
        entry.what = title + ", " + entry.what
        return entry
      }
    }
    await transport.close()
    return entries
  }

  /// Keeps so many requests in flight for so long.
  func ask(inFlight: Int, seconds: Double) async throws -> Speed {
    let start = ContinuousClock.now
    let end = start + .seconds(seconds)
    let times = try await withThrowingTaskGroup(of: Times.self) { group in
      for _ in 0..<inFlight {
        group.addTask {
          var times = Times()
          while ContinuousClock.now < end {
            let begun = ContinuousClock.now
            let answer = try await self.service.infer(
              self.model, record: self.record, signature: self.signature, call: InferenceCall(requestID: "bench"))
            guard answer.outputs.first?.shape.first == self.rows else {
              throw Programs.Failure(description: "rows are missing")
            }
            times.note(ContinuousClock.now - begun)
          }
          return times
        }
      }
      return try await group.reduce(into: Times()) { $0.add($1) }
    }
    let length = (ContinuousClock.now - start) / .seconds(1)
    return Speed(perSecond: Double(times.milliseconds.count) / length, p50: times.median)
  }
}

/// How fast a client was: requests a second, and the milliseconds that half of them took at most.
struct Speed {
  var perSecond: Double
  var p50: Double

  static func best(of speeds: [Speed]) -> Speed {
    Speed(perSecond: speeds.map(\.perSecond).max() ?? .nan, p50: speeds.map(\.p50).min() ?? .nan)
  }
}

extension Tensor {
  /// The same row so many times.
  fileprivate func repeated(_ count: Int) -> Tensor {
    var tensor = self
    tensor.shape[0] = count
    switch elements {
    case .single(let values): tensor.elements = .single((0..<count).flatMap { _ in values })
    case .double(let values): tensor.elements = .double((0..<count).flatMap { _ in values })
    case .bool, .signed, .unsigned, .bytes: break
    }
    return tensor
  }
}
