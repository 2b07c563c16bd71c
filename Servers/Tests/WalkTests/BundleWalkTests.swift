import Foundation
import Frames
import PtyTesting
import Testing

/// What an analyst saves where no network leads: the real programs, files carried between them.
@Suite("Without a network", .serialized)
struct BundleWalkTests {
  @Test("a stream that was ended is carried beside the one that goes on, and its receipt comes back to it")
  func ended() throws {
    let lab = try Lab()
    defer { lab.close() }
    let ana = try lab.desk("ana")
    func mds(_ words: [String]) throws -> (text: String, errors: String, status: Int32) {
      try output(
        of: ["/usr/bin/env", "XDG_DATA_HOME=\(lab.path)/data", Paths.mds] + words + ana.target)
    }
    try ana.judge(1)
    #expect(try mds(["ledger", "end", "--reason", "given back", "--yes"]).status == 0)
    try ana.judge(1)
    let signers = lab.path + "/allowed_signers"
    try mds(["sync", "--public-key"]).text.replacingOccurrences(of: "ANALYST", with: "ana@lab")
      .write(toFile: signers, atomically: false, encoding: .utf8)
    let single = try mds(["sync", "--to", lab.path + "/one.mdsb"])
    #expect(single.status != 0 && single.errors.contains("2 streams wait, and a bundle holds one"), "\(single)")
    let out = lab.path + "/out"
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    let written = try CommandRun.objects(of: mds(["sync", "--to", out, "--json"]).text)
    #expect(written.map { $0["events"] as? Int } == [6, 5])

    _ = try ana.token(of: lab.database)
    for (number, bundle) in written.enumerated() {
      let path = try #require(bundle["bundle"] as? String)
      let receipt = lab.path + "/\(number).mdsr"
      let taken = try output(of: [
        Paths.collector, "import", path, "--allowed-signers", signers, "--receipt", receipt, "--database", lab.database,
      ])
      #expect(taken.status == 0, "\(taken)")
      let rest = number == 0 ? "5 wait" : "nothing waits"
      let known = try mds(["sync", "--from", receipt])
      #expect(known.text == "received up to #\(number == 0 ? 6 : 5), archived up to #0; \(rest)\n", "\(known)")
    }
    let streams = try lab.mdsCollector(["streams"]).text
    #expect(streams.contains(": given back") && streams.contains("\topen"), "\(streams)")
  }

  @Test("a file that begins at the largest place there is is refused by both programs, and ends neither")
  func largestPlace() throws {
    let lab = try Lab()
    defer { lab.close() }
    let file = Paths.repository + "/Fuzz/Corpora/bundle/broke-largest-place"
    let ana = try lab.desk("ana", scoring: [])
    _ = try ana.token(of: lab.database)
    let imported = try lab.mdsCollector(["import", file, "--unsigned", "--analyst", "ana"])
    for refused in [imported, try ana.mds(["sync", "--from", file])] {
      #expect(refused.status > 0 && refused.errors.contains("is not linked to the one before it"), "\(refused)")
    }
  }

  @Test("what is saved is carried as a file, imported once whatever is repeated, and known when a line is there")
  func carried() throws {
    let lab = try Lab()
    defer { lab.close() }
    let ana = try lab.desk("ana")
    try ana.judge(2)
    // The account's key belongs to the test, not to whoever runs it.
    func mds(_ words: [String]) throws -> (text: String, errors: String, status: Int32) {
      try output(
        of: ["/usr/bin/env", "XDG_DATA_HOME=\(lab.path)/data", Paths.mds] + words + ana.target)
    }
    let signer = try mds(["sync", "--public-key"])
    #expect(signer.text.hasPrefix("ANALYST namespaces=\"mds-bundle\" ssh-ed25519 "), "\(signer)")
    #expect(signer.errors.contains("put the name that the researchers know you by"))
    let signers = lab.path + "/allowed_signers"
    try signer.text.replacingOccurrences(of: "ANALYST", with: "ana@lab")
      .write(toFile: signers, atomically: false, encoding: .utf8)
    let key = lab.path + "/data/mds/device_ed25519"
    #expect(try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int == 0o600)

    let out = lab.path + "/out"
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    let written = try mds(["sync", "--to", out, "--json"])
    let bundle = try #require(try CommandRun.objects(of: written.text).first?["bundle"] as? String, "\(written)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: out).count == 2)
    #expect(URL(fileURLWithPath: bundle).lastPathComponent.count == 16 + 5)
    let verified = try output(of: [
      "/bin/sh", "-c",
      "ssh-keygen -Y verify -f '\(signers)' -I ana@lab -n mds-bundle -s '\(bundle).sig' < '\(bundle)'",
    ])
    #expect(verified.status == 0, "\(verified.text)\(verified.errors)")
    let again = try mds(["sync", "--to", lab.path + "/b.mdsb"])
    #expect(again.text.hasPrefix("7 events in \(lab.path)/b.mdsb\nsigned by SHA256:"), "\(again)")
    let beyond = try mds(["sync", "--to", out, "--after", "9999"])
    #expect(beyond.status == 5 && beyond.errors.contains("There is no event #9999: the last one is #7."), "\(beyond)")

    // Whoever imports has a database already, as a server or the first token makes it.
    let token = try ana.token(of: lab.database)
    func take(_ words: [String]) throws -> (text: String, errors: String, status: Int32) {
      try lab.mdsCollector(["import"] + words)
    }
    #expect(try take([bundle]).status != 0)
    let allowed = ["--allowed-signers", signers]
    #expect(try take([bundle] + allowed).text == "ana@lab: 7 events, 7 stored\n")
    #expect(try take([bundle] + allowed).text == "ana@lab: 7 events, 7 duplicate\n")
    #expect(try take([lab.path + "/b.mdsb"] + allowed).text == "ana@lab: 7 events, 7 duplicate\n")

    // The receipt goes back: first what is received, after a backup what is archived.
    let receipt = lab.path + "/r.mdsr"
    #expect(try take([bundle] + allowed + ["--receipt", receipt]).status == 0)
    #expect(try outbox(ana, contains: "sent 7 "))
    let known = try mds(["sync", "--from", receipt])
    #expect(known.text == "received up to #7, archived up to #0; nothing waits\n", "\(known)")
    #expect(try outbox(ana, contains: "received 7 "))

    // A receipt can be signed, so that nobody who carries it can forge it.
    let receiptKey = lab.path + "/lab"
    #expect(
      try output(of: ["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", receiptKey]).status
        == 0)
    let line =
      "collector namespaces=\"mds-receipt\" " + (try String(contentsOfFile: receiptKey + ".pub", encoding: .utf8))
    let trusted = lab.path + "/receipt_signers"
    try line.write(toFile: trusted, atomically: false, encoding: .utf8)
    let unsigned = try mds(["sync", "--from", receipt, "--allowed-signers", trusted])
    #expect(unsigned.status == 5 && unsigned.errors.contains("there is no signature"), "\(unsigned)")
    let signed = lab.path + "/signed.mdsr"
    #expect(try take([bundle] + allowed + ["--receipt", signed, "--receipt-key", receiptKey]).status == 0)
    #expect(try mds(["sync", "--from", signed, "--allowed-signers", trusted]).text.hasPrefix("received up to #7"))
    // Of a folder those that are signed are taken, and the one that is not is named.
    let folder = lab.path + "/receipts"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try FileManager.default.copyItem(atPath: receipt, toPath: folder + "/a.mdsr")
    for end in ["", ".sig"] {
      try FileManager.default.copyItem(atPath: signed + end, toPath: folder + "/b.mdsr" + end)
    }
    let both = try mds(["sync", "--from", folder, "--allowed-signers", trusted])
    #expect(both.text.hasPrefix("received up to #7") && both.status == 5, "\(both)")
    #expect(both.errors.contains("\(folder)/a.mdsr is not taken: there is no signature"), "\(both)")
    #expect(try mds(["sync", "--from", folder]).status == 0)
    #expect(
      try output(of: [
        "/bin/sh", "-c",
        "ssh-keygen -Y verify -f '\(trusted)' -I collector -n mds-receipt -s '\(signed).sig' < '\(signed)'",
      ]).status == 0)
    #expect(try mds(["sync", "--from", signed, "--allowed-signers", signers]).errors.contains("lets SHA256:"))
    var forged = try Data(contentsOf: URL(fileURLWithPath: signed))
    forged[forged.count - 1] ^= 1
    try forged.write(to: URL(fileURLWithPath: signed))
    #expect(
      try mds(["sync", "--from", signed, "--allowed-signers", trusted]).errors.contains("is not one of this file"))
    #expect(try lab.mdsCollector(["backup", "--output", lab.path + "/backup"]).status == 0)
    let told = try take([bundle] + allowed + ["--receipt", out])
    let archived = try #require(told.text.split(separator: "\n").last).replacingOccurrences(of: "receipt in ", with: "")
    #expect(archived.hasPrefix(out + "/") && archived.hasSuffix(".mdsr"), "\(told)")
    let safe = try mds(["sync", "--from", archived])
    #expect(safe.text == "received up to #7, archived up to #7; nothing waits\n", "\(safe)")
    // The one of before is taken as well, and takes nothing back.
    #expect(try mds(["sync", "--from", receipt]).text == safe.text)
    #expect(try outbox(ana, contains: "Not archived 0 "))
    #expect(try mds(["sync", "--to", out]).text == "nothing waits; nothing was written\n")
    #expect(try mds(["sync", "--from", bundle]).errors.contains("is no receipt"))

    // A line is there at last: the collector has everything, under the same analyst.
    let collector = try lab.collector()
    #expect(try ana.mds(["connect", collector.url, "--token-file", token]).status == 0)
    let synced = try ana.mds(["sync"])
    #expect(synced.text == "0 sent, 0 received, 0 fetched; nothing waits\n", "\(synced)")
    let exported = try lab.mdsCollector(["export", "--format", "events"])
    #expect(exported.text.split(separator: "\n").count == 7)
  }

  @Test("a collector that was restored is carried again what it lost, by its receipt or on the analyst's word")
  func restored() throws {
    let lab = try Lab()
    defer { lab.close() }
    let ana = try lab.desk("ana")
    func mds(_ words: [String]) throws -> (text: String, errors: String, status: Int32) {
      try output(
        of: ["/usr/bin/env", "XDG_DATA_HOME=\(lab.path)/data", Paths.mds] + words + ana.target)
    }
    try ana.judge(1)
    let signers = lab.path + "/allowed_signers"
    try mds(["sync", "--public-key"]).text.replacingOccurrences(of: "ANALYST", with: "ana@lab")
      .write(toFile: signers, atomically: false, encoding: .utf8)
    _ = try ana.token(of: lab.database)
    let copy = lab.path + "/copy"
    var (carried, receipt) = (0, "")
    func carry(_ words: [String] = []) throws -> (text: String, errors: String, status: Int32) {
      carried += 1
      let bundle = "\(lab.path)/\(carried).mdsb"
      receipt = "\(lab.path)/\(carried).mdsr"
      #expect(try mds(["sync", "--to", bundle] + words).status == 0)
      return try lab.mdsCollector(["import", bundle, "--allowed-signers", signers, "--receipt", receipt])
    }
    #expect(try carry().text == "ana@lab: 5 events, 5 stored\n")
    #expect(try mds(["sync", "--from", receipt]).text.hasPrefix("received up to #5, "))
    #expect(try lab.mdsCollector(["backup", "--output", copy]).status == 0)
    try ana.judge(1)
    let second = try carry()
    #expect(second.status == 0, "\(second)")
    let known = try mds(["sync", "--from", receipt]).text
    #expect(known.hasSuffix("nothing waits\n"), "\(known)")

    // Without its receipt the analyst can say from where on.
    func restore() throws {
      let taken = try lab.mdsCollector(["restore", "--from", copy])
      #expect(taken.status == 0, "\(taken)")
    }
    try restore()
    try ana.judge(1)
    let refused = try carry()
    #expect(refused.status != 0 && refused.errors.contains("--after 5"), "\(refused)")
    let whole = try carry(["--all"])
    #expect(whole.status == 0 && whole.text.contains(", 5 duplicate"), "\(whole)")
    #expect(try mds(["sync", "--from", receipt]).text.hasSuffix("nothing waits\n"))

    // With it the tool knows by itself.
    try restore()
    try ana.judge(1)
    #expect(try carry().status != 0)
    let learned = try mds(["sync", "--from", receipt]).text
    #expect(learned.hasPrefix("received up to #5, ") && learned.hasSuffix(" wait\n"), "\(learned)")
    // One of before the restore says nothing any more, whatever it says.
    let older = try mds(["sync", "--from", "\(lab.path)/2.mdsr"])
    #expect(older.text == learned && older.errors.contains("says nothing new"), "\(older)")
    #expect(older.status == 0)
    let again = try carry()
    #expect(again.status == 0 && !again.text.contains("duplicate"), "\(again)")
    #expect(try mds(["sync", "--from", receipt]).text.hasSuffix("nothing waits\n"))
    let rows = try lab.mdsCollector(["export"]).text.split(separator: "\n")
    #expect(rows.count == 4)
    #expect(try mds(["sync", "--all"]).status != 0)
  }

  @Test("rclone carries bundles to a store and receipts back, overwrites nothing, and says what was tampered with")
  func rclone() throws {
    let lab = try Lab()
    defer { lab.close() }
    let ana = try lab.desk("ana")
    try ana.judge(1)
    func mds(_ words: [String]) throws -> (text: String, errors: String, status: Int32) {
      try output(of: ["/usr/bin/env", "XDG_DATA_HOME=\(lab.path)/data", Paths.mds] + words + ana.target)
    }
    func copy(_ from: String, _ to: String) throws -> (text: String, errors: String, status: Int32) {
      try output(of: [
        "/usr/bin/env", "RCLONE_CONFIG=\(lab.path)/none", "RCLONE_CONFIG_STORE_TYPE=alias",
        "RCLONE_CONFIG_STORE_REMOTE=\(lab.path)/store", "rclone", "copy", "--immutable", "--checksum", from, to,
      ])
    }
    for folder in ["out", "in", "store"] {
      try FileManager.default.createDirectory(
        atPath: "\(lab.path)/\(folder)", withIntermediateDirectories: true)
    }
    let signers = lab.path + "/allowed_signers"
    try mds(["sync", "--public-key"]).text.replacingOccurrences(of: "ANALYST", with: "ana@lab")
      .write(toFile: signers, atomically: false, encoding: .utf8)
    _ = try ana.token(of: lab.database)

    // The steps of docs/ledger.md: the analyst's, the researchers', and the receipt's way back.
    #expect(try mds(["sync", "--to", lab.path + "/out"]).status == 0)
    let up = try copy(lab.path + "/out", "store:in")
    #expect(up.status == 0, "\(up.errors)")
    #expect(try copy("store:in", lab.path + "/in").status == 0)
    let name = try #require(
      FileManager.default.contentsOfDirectory(atPath: lab.path + "/in").first { $0.hasSuffix(".mdsb") })
    func take() throws -> (text: String, errors: String, status: Int32) {
      try output(of: [
        Paths.collector, "import", "\(lab.path)/in/\(name)", "--allowed-signers", signers, "--receipt",
        lab.path + "/in", "--database", lab.database,
      ])
    }
    #expect(try take().text.hasPrefix("ana@lab: 5 events, 5 stored\nreceipt in \(lab.path)/in/"))
    func carryBack() throws {
      for (from, to) in [(lab.path + "/in", "store:back"), ("store:back", lab.path + "/back")] {
        let carried = try copy(from, to)
        #expect(carried.status == 0, "\(carried.errors)")
      }
    }
    try carryBack()
    let back = lab.path + "/back"
    #expect(try mds(["sync", "--from", back]).text == "received up to #5, archived up to #0; nothing waits\n")

    // A later receipt of the same bundle says that there is a backup, and goes the same way.
    #expect(try lab.mdsCollector(["backup", "--output", lab.path + "/backup"]).status == 0)
    #expect(try take().text.hasPrefix("ana@lab: 5 events, 5 duplicate\nreceipt in \(lab.path)/in/"))
    try carryBack()
    let receipts = try FileManager.default.contentsOfDirectory(atPath: back).filter { $0.hasSuffix(".mdsr") }
    #expect(receipts.count == 2)
    let archived = "received up to #5, archived up to #5; nothing waits\n"
    #expect(try mds(["sync", "--from", back]).text == archived)
    for receipt in receipts + receipts.reversed() {
      #expect(try mds(["sync", "--from", "\(back)/\(receipt)"]).text == archived)
    }
    let empty = try mds(["sync", "--from", lab.path + "/out"])
    #expect(empty.status == 5 && empty.errors.contains("There is no receipt for this ledger"), "\(empty)")

    // Somebody changed a file in the store: it is not overwritten in silence, and is not taken.
    let stored = "\(lab.path)/store/in/\(name)"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: stored))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: stored))
    let refused = try copy(lab.path + "/out", "store:in")
    #expect(refused.status != 0 && refused.errors.contains("immutable"), "\(refused)")
    try FileManager.default.removeItem(atPath: "\(lab.path)/in/\(name)")
    #expect(try copy("store:in", lab.path + "/in").status == 0)
    #expect(try take().status != 0)
  }

  /// Whether the outbox of the workbench shows this.
  private func outbox(_ desk: Desk, contains text: String) throws -> Bool {
    let terminal = try Pty(Paths.mds, ["open"] + desk.target)
    try terminal.expect("Models 4")
    try terminal.send("go")
    try terminal.expect(text)
    try terminal.press(.control("C"))
    return try terminal.waitForExit() == .code(0)
  }
}
