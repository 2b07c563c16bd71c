import Domain
import Feedback
import Foundation
import Ledger

/// A folder that goes when the test ends, with a ledger in it.
final class Scratch {
  let folder: String
  var path: String { folder + "/state/ledger.sqlite" }

  /// `inMemory` is for tests that bring their own disk: there a sync costs nothing.
  init(inMemory: Bool = false) throws {
    let memory = "/dev/shm/"
    let isThere = inMemory && FileManager.default.isWritableFile(atPath: memory)
    folder = (isThere ? memory : NSTemporaryDirectory()) + "mds-ledger-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func open() throws -> Ledger { try Ledger(path: path) }

  /// The files of a ledger, as a disk has them.
  func put(_ files: [String: [UInt8]]) throws {
    try FileManager.default.createDirectory(
      atPath: folder + "/state", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    for (name, bytes) in files {
      let path = folder + "/state/" + name
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }
  }

  /// The contents as versions before the eighth kept them: for a context, with the time when they were sent.
  static let contextAttachments = """
    DROP INDEX foreign_answer; DROP TABLE foreign_also; DROP TABLE attachment; DROP TABLE shown; DROP INDEX case_tally;
    ALTER TABLE case_ DROP COLUMN digest; ALTER TABLE judgement_now DROP COLUMN alike;
    CREATE TABLE attachment(
      sha256 BLOB NOT NULL, context BLOB NOT NULL, size INTEGER NOT NULL, sent_at INTEGER,
      PRIMARY KEY(sha256, context)) STRICT;
    """

  func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
  }
}

enum Sample {
  static let start = Timestamp(microseconds: 1_795_435_445_000_123)

  static func stamp(_ seconds: Double = 0, analyst: RawText = "ana") -> Stamp {
    Stamp(at: start.advanced(bySeconds: seconds), analyst: analyst, session: "s", context: "prod", tool: "mds/0.1.0")
  }

  static func record(_ number: Int, text: RawText = "some text") -> Record {
    Record(tensors: [
      Tensor(name: "x", datatype: .fp64, shape: [1, 2], elements: .double([Double(number), -0.5])),
      Tensor(name: "t", datatype: .bytes, shape: [1, 1], elements: .bytes([text])),
    ])
  }

  static func newCase(
    _ number: Int, model: RawText = "wine", version: RawText? = "3", text: RawText = "some text", p: Double = 0.75,
    explanations: [Explanation] = [], route: RawText = ""
  ) -> Case {
    let record = record(number, text: text)
    let id = ModelID(model, version: version)
    let identity = RecordIdentity.of(record)
    return Case(
      id: CaseIdentity.of(record: identity, service: "http://s", model: id), recordID: identity, number: 0,
      at: start.advanced(bySeconds: Double(number) * 60), sourceID: RawText("row-\(number)"), model: id, record: record,
      prediction: Prediction(
        model: id,
        answer: .classes(
          [ClassScore(label: "red", probability: p), ClassScore(label: "white", probability: 1 - p)], chosen: 0),
        outputs: [Tensor(name: "p", datatype: .fp64, shape: [1, 2], elements: .double([p, 1 - p]))],
        requestID: "r", route: route, latency: 2.5),
      explanations: explanations)
  }

  static func judgement(_ verdict: Verdict, note: RawText = "", stage: JudgementStage = .final) -> Statement {
    .judgement(JudgementBody(Judgement(verdict: verdict, note: note), stage: stage))
  }

  static func seen(_ item: Case, propensity: Double? = nil) -> Seen {
    Seen(
      record: .inline(item.record), model: item.model, output: SeenOutput(item.prediction),
      queue: propensity.map { SeenQueue(id: "q", sampler: "uncertain", score: 0.5, propensity: $0) })
  }
}
