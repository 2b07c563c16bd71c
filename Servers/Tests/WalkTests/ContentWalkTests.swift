import Foundation
import Frames
import PtyTesting
import Testing

/// Records that are too large for the event that names them, on their way to the collector.
@Suite("A large record", .serialized)
struct ContentWalkTests {
  /// A desk of no collector that scored two large texts and gave a verdict on both.
  private func desk(_ lab: Lab) throws -> Desk {
    let lines = ["the cargo was late again ", "the second one is damaged "].enumerated().map { number, words in
      "{\"id\":\"m-\(number)\",\"inputs\":{\"text\":\"\(String(repeating: words, count: 1800))\"}}\n"
    }
    let path = lab.path + "/long.jsonl"
    try lines.joined().write(toFile: path, atomically: false, encoding: .utf8)
    let ana = try lab.desk("ana", scoring: [])
    let scored = try ana.mds(["infer", "message-triage", "--input", path])
    #expect(scored.status == 0, "\(scored.errors)")
    let terminal = try Pty(Paths.mds, ["open"] + ana.target)
    try terminal.expect("Models 4")
    try terminal.send("gr")
    try terminal.expect("Queue 2")
    try terminal.send("as")
    try terminal.expect("done today 1")
    try terminal.send("as")
    try terminal.expect("done today 2")
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
    return ana
  }

  /// The contents that a desk's views name.
  private func contents(of desk: Desk) throws -> [String] {
    try CommandRun.objects(of: desk.mds(["feedback", "export", "--format", "events"]).text).compactMap { event in
      let payload = (event["body"] as? [String: Any])?["payload"] as? [String: Any]
      return (payload?["record"] as? [String: Any])?["sha256"] as? String
    }
  }

  /// Sends a piece with a token as no program of ours would; the answer's first line.
  private func put(_ body: String, _ range: String, as hash: String, at url: String, token: String) throws -> String {
    let port = try #require(url.split(separator: ":").last)
    let request =
      "PUT /v1/blobs/\(hash) HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\nContent-Range: \(range)\\r\\n"
      + "Authorization: Bearer \(token)\\r\\nContent-Length: \(body.utf8.count)\\r\\n\\r\\n\(body)"
    let script = "exec 3<>/dev/tcp/127.0.0.1/\(port); printf '\(request)' >&3; head -n 1 <&3"
    return try output(of: ["/bin/bash", "-c", script]).text
  }

  @Test("is nobody's to block, and one that is damaged keeps back neither the other nor what the researchers publish")
  func blocked() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let brent = try lab.desk("brent", at: collector)
    try brent.judge(1)
    #expect(try brent.mds(["sync"]).text.contains("nothing waits"))
    let ana = try desk(lab)
    let hashes = try contents(of: ana)
    #expect(hashes.count == 2)
    // Another analyst has a token, and says one byte of each.
    let token = try lab.mdsCollector(["token", "create", "--analyst", "mallory@lab", "--device", "x"]).text
      .trimmingCharacters(in: .newlines)
    for hash in hashes {
      let said = try put("x", "bytes 0-0/999", as: hash, at: collector.url, token: token)
      #expect(said.hasPrefix("HTTP/1.1 200"), "\(said)")
    }
    // The second one's bytes in the ledger are not what they were.
    let ledger = URL(fileURLWithPath: lab.path + "/ana.sqlite")
    var bytes = try Data(contentsOf: ledger)
    let (mark, other) = (Data("one is damaged".utf8), Data("one is changed".utf8))
    var place = bytes.startIndex
    while let found = bytes.range(of: mark, in: place..<bytes.endIndex) {
      bytes.replaceSubrange(found, with: other)
      place = found.upperBound
    }
    #expect(place > bytes.startIndex)
    try bytes.write(to: ledger)
    let catalogue = lab.path + "/lab.toml"
    try "[models.wine]\ntask_question = \"Which?\"\n".write(toFile: catalogue, atomically: false, encoding: .utf8)
    #expect(try lab.mdsCollector(["publish", "catalogue", catalogue]).status == 0)

    try ana.connect(to: collector, database: lab.database)
    let synced = try ana.mds(["sync"])
    #expect(synced.status == 0 && synced.text.contains(" 2 fetched; 1 wait"), "\(synced)")
    #expect(synced.text.contains("the researchers' catalogue changed"), "\(synced)")
    #expect(synced.errors.contains("1 large record did not get to the collector; everything else went on"))
    #expect(synced.errors.contains("its bytes in this ledger are not what its hash says"), "\(synced)")
    let exported = try lab.mdsCollector(["export", "--format", "jsonl"]).text
    #expect(exported.contains("the cargo was late again") && !exported.contains("the second one is"))

    // It waits, whoever asks; and whoever ends the stream is told on both sides.
    #expect(try ana.mds(["ledger"]).text.contains("waiting  1"))
    let end = try ana.mds(["ledger", "end", "--reason", "given back"])
    #expect(end.status != 0 && end.errors.contains("1 large record of this stream is in this ledger alone"), "\(end)")
    #expect(try ana.mds(["ledger", "end", "--reason", "given back", "--yes"]).status == 0)
    #expect(try ana.mds(["sync"]).text.contains("1 wait"))
    let streams = try lab.mdsCollector(["streams"]).text
    #expect(streams.contains("without 1 large record that it names: given back"), "\(streams)")
  }
}
