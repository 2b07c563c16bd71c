import Foundation
import Frames
import GRDB
import PtyTesting
import Testing

/// What pins the past of a ledger.
@Suite("The head of a stream", .serialized)
struct SignedHeadWalkTests {
  @Test("is signed with the device's key when a session has saved something; stock ssh-keygen takes the signature")
  func signed() throws {
    try CommandHome.onService { home, service in
      #expect(
        try home.run("infer", "wine", "--input", CommandTests.wine, "--output", home.scratch.path + "/w").status == 0)
      let terminal = try Pty(Paths.mds, [], environment: home.environment)
      try terminal.expect("In three lines")
      try terminal.send("gr")
      try terminal.expect("Queue 40")
      try terminal.send("as")
      try terminal.expect("done today 1")
      try terminal.press(.control("C"))
      #expect(try terminal.waitForExit() == .code(0))

      let checked = try home.run("ledger", "verify")
      #expect(checked.status == 0, "\(checked)")
      #expect(checked.text.contains("signed with this device's key up to #5, on "), "\(checked)")
      let ledger = home.scratch.path + "/data/mds/lab.sqlite"
      let database = try DatabaseQueue(path: ledger)
      let head = try #require(
        try database.read { try Row.fetchOne($0, sql: "SELECT * FROM signed_head ORDER BY seq DESC") })
      let (stream, hash, signature): (Data, Data, Data) = (head["stream"], head["hash"], head["signature"])
      let report = try CommandRun.objects(of: home.run("ledger", "verify", "--json").text)
      #expect(report.first?["signed_up_to"] as? Int == head["seq"])

      // The message is a text of five lines; the moment is in microseconds.
      let seconds: Int64 = head["at"]
      let formatter = ISO8601DateFormatter()
      let whole = formatter.string(from: Date(timeIntervalSince1970: TimeInterval(seconds / 1_000_000))).dropLast()
      let rest = String(String(1_000_000 + seconds % 1_000_000).dropFirst())
      let sequence: Int = head["seq"]
      let message =
        "mds-head 1\nstream \(hex(stream))\nseq \(sequence)\nhash \(hex(hash))\nat \(whole).\(rest)Z\n"
      let text = try home.write(message, to: "head")
      let proof = try home.write(signature, to: "head.sig")
      let verified = try output(of: [
        "/bin/sh", "-c", "ssh-keygen -Y check-novalidate -n mds-head -s '\(proof)' < '\(text)'",
      ])
      #expect(verified.status == 0, "\(verified)")

      // Whoever has the file can write all of it anew, but not sign it.
      try database.write { db in
        try db.execute(sql: "UPDATE signed_head SET hash = zeroblob(32)")
      }
      try database.close()
      let found = try home.run("ledger", "verify")
      #expect(found.status == 1 && found.text.contains("is not the one that was signed then"), "\(found)")
    }
  }

  private func hex(_ data: Data) -> String { data.map { String(format: "%02x", $0) }.joined() }
}
