import Foundation
import PtyTesting
import Testing

/// A file that is carried to where a network is, and handed in there: the real programs.
@Suite("A carried bundle", .serialized)
struct HandedBundleTests {
  private struct Road {
    let lab: Lab
    /// Whose machine has no network; its key is apart from the carrier's.
    let ana: Desk
    let signers: String

    init() throws {
      lab = try Lab()
      ana = try lab.desk("ana")
      try ana.judge(1)
      signers = lab.path + "/allowed_signers"
      try mds(["sync", "--public-key"]).text.replacingOccurrences(of: "ANALYST", with: "ana@lab")
        .write(toFile: signers, atomically: false, encoding: .utf8)
    }

    func mds(_ words: [String]) throws -> (text: String, errors: String, status: Int32) {
      try output(of: ["/usr/bin/env", "XDG_DATA_HOME=\(lab.path)/data", Paths.mds] + words + ana.target)
    }
  }

  @Test("is handed in by whoever has a token, once however often, and its receipt goes back to the analyst")
  func byAnother() throws {
    let road = try Road()
    defer { road.lab.close() }
    let collector = try road.lab.collector(["--allowed-signers", road.signers])
    let brent = try road.lab.desk("brent", scoring: [], at: collector)
    let bundle = road.lab.path + "/b.mdsb"
    #expect(try road.mds(["sync", "--to", bundle]).status == 0)
    let handed = try brent.mds(["sync", "--bundle", bundle])
    #expect(handed.text.hasPrefix("ana@lab: 5 events, 5 stored\nreceipt in \(road.lab.path)/"), "\(handed)")
    let receipt = try #require(handed.text.split(separator: "\n").last).replacingOccurrences(
      of: "receipt in ", with: "")
    #expect(receipt.hasSuffix(".mdsr"), "\(receipt)")
    #expect(handed.status == 0 && handed.errors.isEmpty, "\(handed)")
    let again = try CommandRun.objects(
      of: brent.mds(["sync", "--bundle", bundle, "--receipt", road.lab.path + "/again.mdsr", "--json"]).text)
    #expect(again.first?["verdicts"] as? [String: Int] == ["duplicate": 5], "\(again)")
    #expect(again.first?["receipt"] as? String == road.lab.path + "/again.mdsr")
    let third = try brent.mds(["sync", "--bundle", bundle])
    #expect(third.status == 0 && !third.text.contains(receipt), "\(third)")
    let known = try road.mds(["sync", "--from", receipt])
    #expect(known.text == "received up to #5, archived up to #0; nothing waits\n", "\(known)")
    let audit = try road.lab.mdsCollector(["audit"]).text
    #expect(audit.contains("brent@lab desk") && audit.contains("import"), "\(audit)")
    #expect(try road.lab.mdsCollector(["verify"]).status == 0)
  }

  @Test("is learned from at once where it is of the same ledger; a collector that was put back says what it lacks")
  func byItsOwn() throws {
    let road = try Road()
    defer { road.lab.close() }
    let collector = try road.lab.collector(["--allowed-signers", road.signers])
    let first = road.lab.path + "/1.mdsb"
    #expect(try road.mds(["sync", "--to", first]).status == 0)
    try road.ana.connect(to: collector, database: road.lab.database)
    let copy = road.lab.path + "/copy"
    #expect(try road.lab.mdsCollector(["backup", "--output", copy]).status == 0)
    let handed = try road.mds(["sync", "--bundle", first])
    #expect(handed.text.hasPrefix("ana@lab: 5 events, 5 stored\nreceived up to #5, archived up to #0; "), "\(handed)")
    #expect(try !FileManager.default.contentsOfDirectory(atPath: road.lab.path).contains { $0.hasSuffix(".mdsr") })

    collector.stop()
    #expect(try road.lab.mdsCollector(["restore", "--from", copy]).status == 0)
    _ = try road.lab.collector(after: collector, ["--allowed-signers", road.signers])
    try road.ana.judge(1)
    // The workbench may have sent it all again meanwhile; the file is known then.
    let second = road.lab.path + "/2.mdsb"
    #expect(try road.mds(["sync", "--to", second, "--all"]).status == 0)
    let whole = try road.mds(["sync", "--bundle", second])
    #expect(whole.status == 0 && whole.text.contains("; nothing waits\n"), "\(whole)")
    #expect(try road.lab.mdsCollector(["verify"]).status == 0)
  }

  @Test("is not sent where that is pointless, and what is wrong is said in words")
  func refused() throws {
    let road = try Road()
    defer { road.lab.close() }
    let bundle = road.lab.path + "/b.mdsb"
    #expect(try road.mds(["sync", "--to", bundle]).status == 0)
    let alone = try road.mds(["sync", "--bundle", bundle])
    #expect(alone.status == 1 && alone.errors.contains("no collector: nobody takes the bundle"), "\(alone)")
    let plain = try road.lab.collector()
    let brent = try road.lab.desk("brent", scoring: [], at: plain)
    let nowhere = try brent.mds(["sync", "--bundle", bundle])
    #expect(nowhere.errors.contains("the collector takes no bundles over the network"), "\(nowhere)")
    plain.stop()
    let gone = try brent.mds(["sync", "--bundle", bundle])
    #expect(gone.status == 3 && gone.errors.contains("no answer from the collector"), "\(gone)")

    let collector = try road.lab.collector(after: plain, ["--allowed-signers", road.signers, "--min-client", "99"])
    let old = try brent.mds(["sync", "--bundle", bundle])
    #expect(old.status != 0 && old.errors.contains("asks for mds 99.0 or newer"), "\(old)")
    collector.stop()
    _ = try road.lab.collector(after: collector, ["--allowed-signers", road.signers])
    var changed = try Data(contentsOf: URL(fileURLWithPath: bundle))
    changed[changed.count / 2] ^= 1
    let forged = road.lab.path + "/forged.mdsb"
    try changed.write(to: URL(fileURLWithPath: forged))
    let missing = try brent.mds(["sync", "--bundle", road.lab.path + "/nofile.mdsb"])
    #expect(missing.status == 5 && missing.errors.contains("There is no bundle"), "\(missing)")
    let unsigned = try brent.mds(["sync", "--bundle", forged])
    #expect(unsigned.status == 5 && unsigned.errors.contains("There is no signature"), "\(unsigned)")
    try FileManager.default.copyItem(atPath: bundle + ".sig", toPath: forged + ".sig")
    let refused = try brent.mds(["sync", "--bundle", forged])
    #expect(refused.status == 5 && refused.errors.contains("the collector does not take this bundle"), "\(refused)")
    #expect(refused.errors.contains("is damaged after byte"), "\(refused)")
    #expect(try road.lab.mdsCollector(["streams"]).text.isEmpty)
    #expect(try brent.mds(["sync", "--bundle", bundle, "--to", bundle]).status != 0)
    #expect(try brent.mds(["sync", "--receipt", bundle]).status != 0)
  }
}
