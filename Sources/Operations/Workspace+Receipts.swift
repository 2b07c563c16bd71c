public import Domain
internal import Feedback
internal import Ledger
internal import Sync
internal import SyncProtocol

/// What a receipt that was carried proved.
public struct CarriedReceipt: Sendable {
  /// The last event that the collector is proved to hold, and the last in its backup.
  public var received: Int
  public var archived: Int
  /// Events that the collector holds, but that the researchers' tools will not read.
  public var setAside: Int
  /// Events that no collector has yet.
  public var waiting: Int
  /// Whether it is from before a restore of the collector that is known of: nothing was learned from it.
  public var isOlder = false
  /// Of a folder, those that were not taken, and why.
  public var refused: [Problem] = []
}

extension Workspace {
  /// Learns from a receipt what it proves: as much as the same answer would over the network. With the path of an
  /// `allowed_signers` file only from one that a key of it signed.
  /// Of a folder every receipt that is of this ledger counts, in whatever order they were brought; one that cannot be taken
  /// keeps none of the others back.
  public func takeReceipt(_ path: String, signers: String? = nil) async throws(Problem) -> CarriedReceipt {
    if Files.isFolder(path) { return try await takeReceipts(in: path, signers: signers) }
    if let signers { try Self.verify(path, by: signers) }
    return try await takeReceipt(try Files.contents(of: path), named: "The receipt \(path)")
  }

  /// What one says does not take back what another one said, so their order decides nothing but which epoch comes first;
  /// those of colleagues lie in the same folder, and are passed over.
  private func takeReceipts(in folder: String, signers: String?) async throws(Problem) -> CarriedReceipt {
    var own: [(path: String, header: BundleHeader)] = []
    var refused: [Problem] = []
    for name in Files.names(in: folder) where name.hasSuffix(".mdsr") {
      let path = "\(folder)/\(name)"
      let header: BundleHeader
      do throws(Problem) {
        header = try Self.receipts(in: try Files.contents(of: path), named: "The receipt \(path)").0
      } catch {
        refused.append(error)
        continue
      }
      if try await isOwn(header.stream) { own.append((path, header)) }
    }
    own.sort { ($0.header.created, $0.path) < ($1.header.created, $1.path) }
    var known: CarriedReceipt?
    for (path, header) in own {
      let learned: CarriedReceipt
      do throws(Problem) {
        learned = try await takeReceipt(path, signers: signers)
      } catch  where error.kind == .invalidInput || error.kind == .conflict {
        // What is wrong with this one says nothing against the others.
        refused.append(error)
        continue
      }
      // What is said is of the stream that goes on; others that were ended come first.
      if known == nil || header.stream == stream.id || own.allSatisfy({ $0.header.stream != stream.id }) {
        let setAside = (known?.setAside ?? 0) + learned.setAside
        known = learned
        known?.setAside = setAside
      } else {
        known?.setAside += learned.setAside
      }
      known?.waiting = learned.waiting
    }
    guard var known else {
      if let first = refused.first { throw first.beside(refused.dropFirst()) }
      throw Problem(
        "There is no receipt for this ledger in \(folder)",
        advice: "mds-collector import --receipt writes one; its name ends in .mdsr.", kind: .invalidInput)
    }
    known.refused = refused
    return known
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
        "This receipt proves nothing here", advice: "It is about events that this ledger does not have, or forged.",
        kind: .conflict)
    }
    let name = contextName
    let waiting = try await onLedger { [self] ledger throws(LedgerError) in
      for hash in held { try ledger.markSent(attachment: hash, of: id) }
      if id == stream.id { adopt(try ledger.stream(id)) }
      return try ledger.waitingCount(context: name)
    }
    return CarriedReceipt(
      received: result.received, archived: result.archived, setAside: result.setAside, waiting: waiting,
      isOlder: result.isOlder)
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

extension Problem {
  /// This one, with what else went wrong below it.
  fileprivate func beside(_ others: some Sequence<Problem>) -> Problem {
    var problem = self
    problem.detail = ([detail] + others.map(\.summary)).filter { !$0.isEmpty }.joined(separator: "\n")
    return problem
  }
}
