public import Domain
internal import Feedback
internal import Ledger
internal import Sync
internal import SyncProtocol

/// A bundle that was written.
public struct WrittenBundle: Sendable {
  public var path: String
  public var signature: String
  public var events: Int
  /// The key that signed it, as `ssh-keygen -l` shows it.
  public var fingerprint: String
}

/// The line of an `allowed_signers` file that lets this device's bundles in.
public struct SignerLine: Sendable {
  public var text: String
  /// Whether the researchers have to put the name in that they know the analyst by.
  public var lacksName: Bool
  /// The name under which is saved here, where it is one of the configuration's; whoever imports has to know it as well.
  public var savedAs: String?
}

extension Workspace {
  /// Writes what the collector is not proved to hold as signed bundles, one a stream: into a file of this name, or into a
  /// folder under the names that their bytes give them. None where nothing waits; then nothing is written. With `after` also
  /// what the collector was proved to hold, from that place of each stream on.
  public func writeBundles(to path: String, after: Int? = nil) async throws(Problem) -> [WrittenBundle] {
    let (name, collector, current) = (contextName, collectorAddress, stream.id)
    let others = try await onLedger { ledger throws(LedgerError) in
      var open: [StreamID] = []
      for stream in try ledger.streams(context: name, collector: collector) where stream.id != current {
        if try ledger.head(of: stream.id).seq > min(stream.acked.seq, after ?? .max) { open.append(stream.id) }
      }
      return open
    }
    guard others.isEmpty || Files.isFolder(path) else {
      throw Problem(
        "\(others.count + 1) streams wait, and a bundle holds one: \(path) is no folder.",
        advice: "Name a folder; each stream gets a file of its own in it.", kind: .invalidInput)
    }
    var written: [WrittenBundle] = []
    for id in others + [current] {
      if let bundle = try await writeBundle(of: id, after: after, to: path) { written.append(bundle) }
    }
    return written
  }

  private func writeBundle(of id: StreamID, after: Int?, to path: String) async throws(Problem) -> WrittenBundle? {
    let key = try DeviceKeyFile.key()
    var source: BundleSource
    do {
      source = try await BundleSource(
        of: id, after: after, worker: worker, collectorID: account?.collectorID ?? "",
        workstation: RawText(Machine.host),
        tool: Workspace.tool, now: Machine.now)
    } catch {
      throw error.problem
    }
    guard !source.isEmpty else { return nil }
    let isFolder = Files.isFolder(path)
    let sink = try FileSink(isFolder ? "\(path)/\(Machine.uuid()).mdsb" : path)
    var digest = BundleDigest()
    while let piece = try await Self.piece(of: &source) {
      try sink.write(piece)
      digest.update(piece)
    }
    guard source.isWhole else {
      throw Problem("The ledger changed while it was read, or lacks events", advice: "Try again; mds ledger verify.")
    }
    guard let signature = key.signature(of: digest.message, namespace: SSHSignature.bundles) else {
      throw Problem("The bundle could not be signed.")
    }
    let file = isFolder ? "\(path)/\(digest.fileName("mdsb"))" : path
    // The signature first: a bundle that is there can be verified.
    try Files.write(Array(signature.text.utf8), to: file + ".sig")
    try sink.finish(as: isFolder ? file : nil)
    do {
      try await source.markSent()
    } catch {
      throw error.problem
    }
    return WrittenBundle(
      path: file, signature: file + ".sig", events: source.count, fingerprint: key.publicKey.fingerprint)
  }

  private static func piece(of source: inout BundleSource) async throws(Problem) -> [UInt8]? {
    do {
      return try await source.next()
    } catch {
      throw error.problem
    }
  }

  /// What the researchers put into their `allowed_signers` file.
  public func signerLine() throws(Problem) -> SignerLine {
    let key = try DeviceKeyFile.key().publicKey.text
    let name = account?.analyst.string ?? "ANALYST"
    let quoted = name.contains(" ") ? "\"\(name)\"" : name
    return SignerLine(
      text: "\(quoted) namespaces=\"\(SSHSignature.bundles)\" \(key) mds@\(Machine.host)", lacksName: account == nil,
      savedAs: account == nil && !stream.analyst.string.hasPrefix("unix:") ? stream.analyst.string : nil)
  }
}

/// What a receipt that was carried proved.
public struct CarriedReceipt: Sendable {
  /// The last event that the collector is proved to hold, and the last in its backup.
  public var received: Int
  public var archived: Int
  /// Events that the collector holds, but that the researchers' tools will not read.
  public var setAside: Int
  /// Events that no collector has yet.
  public var waiting: Int
}

extension Workspace {
  /// Learns from a receipt what it proves: as much as the same answer would over the network. With the path of an
  /// `allowed_signers` file only from one that a key of it signed.
  public func takeReceipt(_ path: String, signers: String? = nil) async throws(Problem) -> CarriedReceipt {
    if let signers { try Self.verify(path, by: signers) }
    return try await takeReceipt(try Files.contents(of: path), named: "The receipt \(path)")
  }

  /// Learns from the bytes of a receipt.
  func takeReceipt(_ bytes: [UInt8], named name: String) async throws(Problem) -> CarriedReceipt {
    let (header, receipts, held) = try Self.receipts(in: bytes, named: name)
    let id = header.stream
    guard try await isOwn(id) else {
      throw Problem("This receipt is for another ledger.", detail: id.hex, kind: .conflict)
    }
    try await expect(collector: header.collectorID, of: id)
    let now = Machine.now
    let result: ReceiptIntake.Result
    do {
      result = try await ReceiptIntake(of: id, worker: worker, now: now).take(receipts)
    } catch {
      throw error.problem
    }
    guard !result.isRefused else {
      throw Problem(
        "This receipt proves nothing here", advice: "It is from before the collector was restored, or forged.",
        kind: .conflict)
    }
    let name = contextName
    let waiting = try await onLedger { [self] ledger throws(LedgerError) in
      for hash in held { try ledger.markSent(attachment: hash, of: id) }
      if id == stream.id { adopt(try ledger.stream(id)) }
      return try ledger.waitingCount(context: name)
    }
    return CarriedReceipt(
      received: result.received, archived: result.archived, setAside: result.setAside, waiting: waiting)
  }

  /// Whether a stream is one of this ledger's for the collector.
  func isOwn(_ stream: StreamID) async throws(Problem) -> Bool {
    let (context, collector) = (contextName, collectorAddress)
    return try await onLedger { ledger throws(LedgerError) in
      try ledger.streams(context: context, collector: collector).contains { $0.id == stream }
    }
  }

  /// Whether a receipt is for one of this ledger's streams.
  func isOwn(_ receipt: [UInt8]) async throws(Problem) -> Bool {
    try await isOwn(try Self.receipts(in: receipt, named: "The collector's receipt").0.stream)
  }

  private static func verify(_ path: String, by signers: String) throws(Problem) {
    let allowed = AllowedSigners(text: String(decoding: try Files.contents(of: signers), as: UTF8.self))
    var digest = BundleDigest()
    digest.update(try Files.contents(of: path))
    func refusal(_ reason: String) -> Problem {
      Problem(
        "The receipt \(path) is not taken: \(reason).",
        advice:
          "The researchers sign it with `mds-collector import --receipt-key` and give you the line for \(signers).",
        kind: .invalidInput)
    }
    guard let text = Files.read(path + ".sig", limit: 1 << 16) else {
      throw refusal("there is no signature \(path).sig")
    }
    guard let signature = SSHSignature(text: String(decoding: text, as: UTF8.self)),
      signature.holds(for: digest.message, namespace: SSHSignature.receipts)
    else { throw refusal("its signature is not one of this file") }
    guard case .analyst = allowed.analyst(of: signature.key, namespace: SSHSignature.receipts) else {
      throw refusal("no line lets \(signature.key.fingerprint) sign receipts")
    }
  }

  /// All of a receipt, or nothing.
  private static func receipts(
    in bytes: [UInt8], named name: String
  ) throws(Problem) -> (BundleHeader, [BundleReceipt], held: [Hash]) {
    var reader = BundleReader()
    reader.feed(bytes)
    var header: BundleHeader?
    var receipts: [BundleReceipt] = []
    var held: [Hash] = []
    do throws(BundleFault) {
      while let item = try reader.next() {
        switch item {
        case .header(let found): header = found
        case .receipt(let receipt): receipts.append(receipt)
        case .held(let hash): held.append(hash)
        case .event, .blob, .end: break
        }
      }
      try reader.finish()
    } catch {
      throw Problem("\(name) cannot be used", detail: error.description, kind: .invalidInput)
    }
    guard let header, header.content == .receipt else {
      throw Problem("\(name) is no receipt", advice: "mds-collector import --receipt writes one.", kind: .invalidInput)
    }
    return (header, receipts, held)
  }

  /// Holds to the collector that a stream is known at; the first one that answers is that.
  private func expect(collector id: RawText, of stream: StreamID) async throws(Problem) {
    let key = "carried collector \(stream.hex)"
    let account = account?.collectorID ?? ""
    let known = try await onLedger { ledger throws(LedgerError) in
      let kept = try ledger.value(for: key)?.text
      if kept == nil, account.isEmpty { try ledger.set(.string(id), for: key) }
      return account.isEmpty ? kept : account
    }
    guard known ?? id == id else {
      throw Problem(
        "This receipt is another collector's", advice: "Ask the researchers.", detail: id.string, kind: .conflict)
    }
  }
}
