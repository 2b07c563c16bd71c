internal import ArgumentParser
internal import Collector
internal import Domain
internal import Feedback
internal import FileOutput
internal import Foundation
internal import SyncProtocol

/// Takes in what came as a file.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Take in a bundle that an analyst wrote with `mds sync --to`.",
    discussion: """
      The signature FILE.sig is verified before anything is read. Whose events they are is what allowed_signers says of \
      the key: a line of it is what `mds sync --public-key` prints at the analyst's. A server may run meanwhile. What is \
      there already is not taken twice, and an import that was ended goes on where it was. `token list` shows the keys \
      that bundles came with, `token revoke` refuses one.
      """)

  @Argument(help: "The bundle.")
  var bundle: String

  @Option(
    help: ArgumentHelp(
      """
      Whose signatures count: lines as ssh-keygen(1) has them, with analysts named in full and no option but namespaces; \
      any other lets nobody in, and is named.
      """, valueName: "file"))
  var allowedSigners: String?

  @Flag(help: "Ask for no signature: the bundle is the analyst's on your word.")
  var unsigned = false

  @Option(help: "With --unsigned, whose events they are.")
  var analyst: String?

  @Flag(help: "Take the whole beginning of a file that is cut off or damaged; its signature cannot hold then.")
  var allowPartial = false

  @Option(
    help: ArgumentHelp(
      "A name that the analyst saved under before: as `analyst` in their configuration. May be repeated.",
      valueName: "name"))
  var formerly: [String] = []

  @Option(
    help: ArgumentHelp(
      "Write what is held of the bundle, and what of it is archived, as a file for the analyst: into this one, or into "
        + "this folder under the name that its bytes give it.", valueName: "file"))
  var receipt: String?

  @Option(
    help: ArgumentHelp(
      "Sign the receipt with this key, in FILE.sig: Ed25519, as ssh-keygen makes it, without a passphrase.",
      valueName: "file"))
  var receiptKey: String?

  @OptionGroup var file: DatabaseOption

  func validate() throws {
    guard (allowedSigners != nil) != unsigned else {
      throw ValidationError("say whose signatures count: --allowed-signers FILE, or --unsigned --analyst NAME")
    }
    guard unsigned == (analyst?.isEmpty == false) else {
      throw ValidationError("--unsigned and --analyst go together")
    }
    guard receiptKey == nil || receipt != nil else {
      throw ValidationError("--receipt-key signs what --receipt writes")
    }
    if let analyst, let fault = TokenName.fault(in: analyst) { throw ValidationError("the name of --analyst \(fault)") }
    for name in formerly {
      if let fault = TokenName.fault(inFormer: name) { throw ValidationError("the name of --formerly \(fault)") }
    }
    guard !allowPartial || unsigned else {
      throw ValidationError("a signature is of the whole file: --allow-partial needs --unsigned --analyst NAME")
    }
  }

  func run() async throws {
    let signer = try signer()
    let key = try receiptKey.map(readKey)
    let database = try file.open()
    let collector = try Collector(database)
    let taking = BundleImport(
      collector, signer: signer, formerNames: Set(formerly.map { RawText($0) }), isPartialEnough: allowPartial)
    let report = try await taking.run(bundle) { report in
      // What was lost in a restore cannot be answered for; the analyst's tool learns by the receipt that it was.
      try await write(ReceiptSource(collector, for: report, behind: true), signedBy: key)
    }
    let answer = receipt == nil ? nil : try await ReceiptSource(collector, for: report)
    try database.close()
    try StandardOutput.write(StandardOutput.plain(report.summary))
    if let answer { try write(answer, signedBy: key) }
    for (hash, state) in report.incomplete.sorted(by: { $0.key.hex < $1.key.hex }) {
      StandardError.write(
        "content \(hash.hex) is here up to byte \(state.received) of \(state.size): a bundle with all of it, or a sync, "
          + "completes it")
    }
    if let count = report.verdicts[.quarantined] {
      StandardError.write(
        count == 1
          ? "1 event is set aside, and is in no export: it names another analyst, or cannot be read"
          : "\(count) events are set aside, and are in no export: they name another analyst, or cannot be read")
    }
    if let fault = report.fault { StandardError.write("the rest was not taken: \(fault)") }
  }

  private func readKey(_ path: String) throws -> DeviceKey {
    let text = try PublishedFile.text(path, what: "it is no key of OpenSSH")
    guard let key = DeviceKey(text: String(decoding: text, as: UTF8.self)) else {
      throw Unusable("\(path) is no Ed25519 key of OpenSSH without a passphrase: ssh-keygen -t ed25519 -N ''")
    }
    return key
  }

  private func write(_ source: ReceiptSource, signedBy key: DeviceKey?) throws {
    guard let receipt else { return }
    var digest = BundleDigest()
    for bytes in source.bytes { digest.update(bytes) }
    // In a folder by its own content, as a bundle: a later one of the same bundle says more, and what is carried between
    // stores is never overwritten.
    let path = isFolder(receipt) ? "\(receipt)/\(digest.fileName("mdsr"))" : receipt
    let target = try WholeFile(path)
    for bytes in source.bytes { try target.write(bytes) }
    // The signature first: a receipt that is there can be verified.
    if let key {
      guard let signature = key.signature(of: digest.message, namespace: SSHSignature.receipts) else {
        throw Unusable("the receipt could not be signed")
      }
      let signed = try WholeFile(path + ".sig")
      try signed.write(Array(signature.text.utf8))
      try signed.finish()
    }
    try target.finish()
    if path != receipt { try StandardOutput.write("receipt in \(StandardOutput.plain(path))") }
  }

  private func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  private func signer() throws -> BundleSigner {
    guard let allowedSigners else { return .vouched(analyst: analyst ?? "") }
    return .allowed(try SignersFile.read(allowedSigners))
  }
}

extension BundleImport.Report {
  /// `ana@lab: 12 events, 10 stored, 2 duplicate, 1 content incomplete`
  var summary: String {
    let counts = RecordVerdict.known.compactMap { verdict in
      verdicts[verdict].map { ", \($0) \(verdict.text.string)" }
    }
    let resumed = resumedAt > 0 ? ", went on after byte \(resumedAt)" : ""
    let freed = released > 0 ? ", \(released) of before released" : ""
    let (whole, part) = (contents.count, incomplete.count)
    let said =
      (whole > 0 ? ", \(whole) content\(whole == 1 ? "" : "s")" : "")
      + (part > 0 ? ", \(part) content\(part == 1 ? "" : "s") incomplete" : "")
    return "\(analyst): \(events) event\(events == 1 ? "" : "s")\(counts.joined())\(freed)\(said)\(resumed)"
  }
}
