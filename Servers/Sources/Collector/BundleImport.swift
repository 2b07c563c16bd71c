public import Domain
public import Feedback
public import SyncProtocol

/// Takes a bundle's events in as if its device had sent them: the same rules, the same log, other roads.
public struct BundleImport: Sendable {
  /// What became of a bundle.
  public struct Report: Hashable, Sendable {
    public var analyst: String
    public var header: BundleHeader
    /// The SHA-256 of the file.
    public var bundle: String
    /// What the collector did with each event that was offered.
    public var verdicts: [RecordVerdict: Int] = [:]
    /// The same, for each of them in turn.
    public var results: [BundleAnswer.Run] = []
    /// Contents that came with them and are here whole.
    public var contents: [Hash] = []
    /// Contents of which pieces came, and that are not here whole.
    public var incomplete: [Hash: BlobState] = [:]
    /// Up to which byte an earlier import had come.
    public var resumedAt = 0
    /// Events of before, set aside for the name that they were recorded under, that count from now on.
    public var released = 0
    /// Why not all of it was taken, where a part was enough.
    public var fault: BundleFault?

    /// Events that were offered now.
    public var events: Int { verdicts.values.reduce(0, +) }

    fileprivate mutating func add(_ result: RecordResult) {
      verdicts[result.verdict, default: 0] += 1
      BundleAnswer.add(result, to: &results)
    }
  }

  /// Events of one batch, and bytes of their bodies.
  static let events = 500
  static let bytes = 4 << 20

  private let collector: Collector
  private let signer: BundleSigner
  /// Whether the whole beginning of a file that is cut off or damaged is taken.
  private let isPartialEnough: Bool
  /// Names under which the signer saved before.
  private let formerNames: Set<RawText>
  /// Who brings it, for the audit.
  private let actor: String

  public init(
    _ collector: Collector, signer: BundleSigner, formerNames: Set<RawText> = [], isPartialEnough: Bool = false,
    actor: String = AuditBook.operatorName
  ) {
    self.actor = actor
    self.collector = collector
    self.signer = signer
    self.formerNames = formerNames
    self.isPartialEnough = isPartialEnough
  }

  /// Imports the bundle at a path, with its signature beside it; the report, once all of it is durable. Where nothing of it
  /// can be taken because what comes before it is not here, `behind` gets the report before that is thrown.
  public func run(_ path: String, behind: (Report) async throws -> Void = { _ in }) async throws -> Report {
    try await run(BundleFile(path), behind: behind) {
      guard let text = try BundleFile.text(path + ".sig") else { throw BundleRefusal.unsigned(path + ".sig") }
      return text
    }
  }

  /// As above, of an open file and the text of its signature.
  func run(
    _ file: BundleFile, behind: (Report) async throws -> Void = { _ in }, signature: () throws -> String
  ) async throws -> Report {
    var begun: Report?
    do {
      return try await take(file, signature, &begun)
    } catch let refusal as BundleRefusal where refusal.isBehind {
      if let begun, begun.events == 0 { try await behind(begun) }
      throw refusal
    }
  }

  private func take(
    _ file: BundleFile, _ signature: () throws -> String, _ begun: inout Report?
  ) async throws -> Report {
    let digest = try file.digest()
    let identity: (analyst: String, device: String)
    do {
      identity = try signer.identity(of: digest, signature: signature)
    } catch BundleRefusal.badSignature {
      // Where a file is cut off or damaged says more than that it was.
      guard let fault = try file.fault() else { throw BundleRefusal.badSignature }
      throw BundleRefusal.fault(fault, taken: 0)
    }
    try await TokenBook(collector.database).requireInForce(analyst: identity.analyst, device: identity.device)
    let progress = ImportProgress(database: collector.database, bundle: digest.name)
    var run = Run(
      collector: collector, analyst: identity.analyst, device: identity.device, actor: actor, formerNames: formerNames,
      progress: progress, done: try await progress.offset())
    defer { begun = run.report }
    do {
      try await read(file, digest, &run)
    } catch {
      // Why it was not taken says more than why that could not be tidied up.
      try? await run.leaveNoEmptyStream()
      throw error
    }
    try await run.leaveNoEmptyStream()
    try await progress.forget()
    guard let report = run.report else { throw BundleRefusal.noEvents }
    return report
  }

  private func read(_ file: BundleFile, _ digest: BundleDigest, _ run: inout Run) async throws {
    var reader = BundleReader()
    var again = BundleDigest()
    do {
      while true {
        let bytes = try file.next()
        guard !bytes.isEmpty else { break }
        again.update(bytes)
        reader.feed(bytes)
        while let item = try reader.next() { try await run.take(item, end: reader.offset) }
      }
      try reader.finish()
    } catch let fault as BundleFault {
      guard isPartialEnough, run.report != nil else { throw BundleRefusal.fault(fault, taken: run.taken) }
      run.report?.fault = fault
      try file.finish(&again)
    }
    // What was verified is what was read: somebody may have written into the file meanwhile.
    guard again.name == digest.name else { throw BundleRefusal.changed }
    try await run.flush(end: reader.offset)
    // A whole file that brings nothing new still says under which names its analyst saved.
    if run.report?.fault == nil { try await run.begin() }
  }
}

/// One import under way.
private struct Run {
  let collector: Collector
  let analyst: String
  let device: String
  let actor: String
  let formerNames: Set<RawText>
  let progress: ImportProgress
  /// What an earlier import had taken, in bytes.
  let done: Int
  var report: BundleImport.Report?
  /// What stands in the log for the device; none before the file shows that it has anything to bring.
  private var token: TokenRecord?
  /// Names of before that the bundle claims.
  private var claimed: Set<RawText> = []
  private var waiting: [OfferedEvent] = []
  private var waitingBytes = 0
  private var base = Position.empty
  private var hasOpenedStream = false

  init(
    collector: Collector, analyst: String, device: String, actor: String, formerNames: Set<RawText>,
    progress: ImportProgress, done: Int
  ) {
    self.collector = collector
    self.analyst = analyst
    self.device = device
    self.actor = actor
    self.formerNames = formerNames
    self.progress = progress
    self.done = done
  }

  var taken: Int { report?.events ?? 0 }

  mutating func take(_ item: BundleReader.Item, end: Int) async throws {
    switch item {
    case .header(let header): try await open(header)
    case .event(let event):
      guard end > done else {
        base = event.position
        report?.resumedAt = end
        return
      }
      waiting.append(event)
      waitingBytes += event.body?.count ?? 0
      if waiting.count >= BundleImport.events || waitingBytes >= BundleImport.bytes { try await flush(end: end) }
    case .blob(let blob):
      try await flush(end: end)
      try await keep(blob)
    case .receipt, .held: throw BundleRefusal.noEvents
    case .end: break
    }
  }

  private mutating func open(_ header: BundleHeader) async throws {
    guard header.content == .events else { throw BundleRefusal.noEvents }
    guard header.collectorID.isEmpty || header.collectorID.string == collector.database.id else {
      throw BundleRefusal.otherCollector(header.collectorID.string)
    }
    claimed = try await formerNames(of: header.analyst)
    if let owner = try await collector.streams.owner(of: header.stream), Array(owner.utf8) != Array(analyst.utf8) {
      throw BundleRefusal.foreignStream(owner: owner)
    }
    base = header.base
    report = BundleImport.Report(analyst: analyst, header: header, bundle: progress.bundle)
  }

  /// Makes the stream ready for what comes, once it is known that something does: until then an import leaves no trace.
  @discardableResult
  mutating func begin() async throws -> TokenRecord {
    if let token { return token }
    guard let header = report?.header else { throw BundleRefusal.noEvents }
    let token = try await TokenBook(collector.database).standIn(analyst: analyst, device: device, by: actor)
    let opening = StreamOpening(stream: header.stream, workstation: header.workstation, tool: header.tool)
    let (owner, isNew) = try await collector.streams.open(opening, by: token)
    hasOpenedStream = isNew
    guard Array(owner.utf8) == Array(token.analyst.utf8) else { throw BundleRefusal.foreignStream(owner: owner) }
    let (bundle, sender, names) = (progress.bundle, token.actor, claimed)
    report?.released = try await collector.database.write { [actor] db in
      try AuditBook.add(
        .importBundle, "bundle \(bundle)",
        [JSON.Member("stream", .text(header.stream.hex)), JSON.Member("for", .text(sender))],
        by: actor, db)
      return try names.map(\.string).sorted().reduce(0) { count, name in
        try count + TokenBook.claim(formerName: name, for: token, db)
      }
    }
    self.token = token
    return token
  }

  /// Takes a stream away that was opened here and got no event: it would be for good whose it was taken for, who may be
  /// somebody that was named by mistake.
  func leaveNoEmptyStream() async throws {
    guard hasOpenedStream, let stream = report?.header.stream else { return }
    try await collector.streams.removeEmpty(stream)
  }

  /// As an enrolment does: only a name that nobody can be enrolled under may be claimed; any other is let in by whoever
  /// imports. Nothing is taken of a bundle that would be set aside as a whole.
  private func formerNames(of saved: RawText) async throws -> Set<RawText> {
    let (analyst, formerNames) = (analyst, formerNames)
    return try await collector.database.read { db in
      for name in formerNames { try TokenBook.requireFree(formerName: name.string, of: analyst, db) }
      var names = formerNames
      if saved.string.hasPrefix("unix:") {
        names.insert(saved)
      } else if !saved.isEmpty, saved != RawText(analyst), !names.contains(saved) {
        guard try TokenBook.isGranted(formerName: saved.string, to: analyst, db) else {
          throw BundleRefusal.formerName(saved.string, analyst: analyst)
        }
      }
      return names.subtracting([RawText(analyst)])
    }
  }

  /// Keeps a piece of a content; one that is here already changes nothing.
  private mutating func keep(_ blob: BundleBlob) async throws {
    guard blob.size <= BlobPiece.limit else { throw BundleRefusal.content(blob.hash.hex) }
    var outcome = try await put(blob, from: blob.offset)
    // An earlier bundle was cut, or had other pieces: this one begins before what is missing, and reaches into it.
    if case .elsewhere(let state) = outcome, state.size == blob.size, state.received > blob.offset,
      state.received - blob.offset < blob.bytes.count
    {
      outcome = try await put(blob, from: state.received)
    }
    switch outcome {
    case .kept(let state), .elsewhere(let state):
      report?.incomplete[blob.hash] = state.isWhole ? nil : state
      if state.isWhole, report?.contents.contains(blob.hash) == false { report?.contents.append(blob.hash) }
    case .mismatched: throw BundleRefusal.content(blob.hash.hex)
    }
  }

  private mutating func put(_ blob: BundleBlob, from start: Int) async throws -> BlobBook.Outcome {
    try await collector.blobs.put(
      Array(blob.bytes.dropFirst(start - blob.offset)), of: blob.hash, at: start, size: blob.size,
      from: try await begin().id)
  }

  /// Offers what waits as one batch and remembers that it is in.
  mutating func flush(end: Int) async throws {
    guard let header = report?.header, !waiting.isEmpty else { return }
    let token = try await begin()
    let batch = EventBatch(stream: header.stream, base: base, epoch: 0, events: waiting)
    if let seq = CollectorRules.oversized(in: batch, limits: collector.limits) { throw BundleRefusal.oversized(seq) }
    switch try await collector.intake.take(await .halves(of: batch), from: token) {
    case .lineage(let lineage): throw BundleRefusal.lineage(base: base.seq, head: lineage.head.seq)
    case .answer(let answer):
      for result in answer.results {
        guard result.verdict.isReceipt else {
          throw BundleRefusal.notTaken(result.position.seq, result.verdict.text.string)
        }
        report?.add(result)
      }
    }
    try await collector.database.write { db in try TokenBook.markUse(of: token.id, at: .now, db) }
    // A kill in between offers the batch again: its events are duplicates then.
    try await progress.remember(end)
    if let last = waiting.last { base = last.position }
    waiting = []
    waitingBytes = 0
  }
}
