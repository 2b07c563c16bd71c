internal import Domain
internal import Feedback
internal import Foundation
internal import Ledger
internal import Sync
internal import SyncProtocol
internal import Testing
internal import Transport
internal import WireFixtures

@Suite("Large contents of a ledger") struct ContentPushTests {
  @Test(
    "go to the collector but for those that it does not take, each for its reason; another answer ends the round",
    arguments: [400, 409, 413, 422, 503])
  func refused(_ status: Int) async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "mds-contents-\(UUID().uuidString)").path
    defer {
      for suffix in ["", "-wal", "-shm", ".lock"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }
    let contents = ["first", "second", "third"].map { Array($0.utf8) }
    let unwanted = Hash.of(contents[1]).hex
    let server = try ScriptedServer { request in
      let hash = String(request.line.split(separator: "/")[3].prefix(64))
      let size = request.headers["content-range"]?.split(separator: "/").last ?? "0"
      let isSent = request.line.hasPrefix("PUT")
      let isRefused = isSent && hash == unwanted
      // A conflict is answered with what is there: here of another size.
      let refusal =
        isRefused && status == 409
        ? #"{"sha256":"\#(hash)","size":999,"received":1}"#
        : #"{"error":"no","detail":"\#(isSent ? "not this one" : "unknown")"}"#
      return ScriptedServer.response(
        isSent && !isRefused ? #"{"sha256":"\#(hash)","size":\#(size),"received":\#(size)}"# : refusal,
        status: isRefused ? status : isSent ? 200 : 404,
        headers: ["content-type": "application/json", "mds-collector-id": "c"])
    }
    defer { server.close() }
    let worker = LedgerWorker(try Ledger(path: path))
    defer { worker.close() }
    let stamp = Stamp(at: DeviceStream.start, analyst: "ana", tool: "test")
    let address = "http://127.0.0.1:\(server.port)"
    let stream = try await worker.run { ledger throws(LedgerError) in
      let stream = try ledger.stream(for: "prod", collector: RawText(address), stamp: stamp).id
      for content in contents {
        _ = try ledger.save(
          Submission(caseID: .of(content), statements: [.note("large")], attachments: [content]), to: stream,
          stamp: stamp)
      }
      return stream
    }
    let collector = try CollectorClient(
      address: address, transport: Transport(configuration: TransportConfiguration()))
    let push = BlobPush(worker: worker, collector: collector, context: "prod")
    func open() async throws -> [Hash] {
      try await worker.run { ledger throws(LedgerError) in try ledger.openAttachments(of: [stream]).map(\.hash) }
    }
    guard status != 503 else {
      await #expect(throws: CollectorFailure.self) { try await push.run() }
      #expect(try await open() == contents.dropFirst().map { Hash.of($0) })
      return
    }
    let report = try await push.run()
    #expect(report.sent == 2 && report.failures.keys.map(\.hex) == [unwanted])
    #expect(report.problem?.summary == "1 large record did not get to the collector; everything else went on")
    #expect(report.problem?.detail.hasSuffix(status == 409 ? "does not go on with it" : "not this one") == true)
    #expect(try await open().map(\.hex) == [unwanted])
  }
}
