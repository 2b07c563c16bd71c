public import Domain
internal import Feedback
internal import Sync
internal import SyncProtocol

/// What became of a bundle that was handed to the collector.
public struct HandedBundle: Sendable {
  /// Whose events they are, by the signature.
  public var analyst: RawText
  /// How many events came to each verdict, in the protocol's words and order.
  public var verdicts: [(verdict: RawText, count: Int)]
  /// Contents that are whole at the collector, and those that are not.
  public var contents: Int
  public var incomplete: Int
  /// Events of before that count from now on.
  public var released: Int
  /// Where the receipt lies; nil where nobody wanted a file.
  public var receipt: String?
  /// What the receipt proved, where the bundle is of this ledger.
  public var known: CarriedReceipt?

  public var events: Int { verdicts.reduce(0) { $0 + $1.count } }
}

extension Workspace {
  /// Hands a bundle, whosever it is, to this context's collector, with the signature that lies beside it. Where it is of
  /// this ledger the receipt is learned from; else it lies beside the bundle afterwards. With a path it lies there in any case.
  public func handIn(_ path: String, receipt wanted: String? = nil) async throws(Problem) -> HandedBundle {
    guard let account, let link = try await collectorLink() else {
      throw Problem(
        "no collector: nobody takes the bundle",
        advice: "mds connect URL --token-file FILE enrols this context at the researchers' collector.")
    }
    guard Files.exists(path) else {
      throw Problem(
        "There is no bundle \(path).", advice: "mds sync --to writes one, with its signature beside it.",
        kind: .invalidInput)
    }
    guard let signature = Files.read(path + ".sig", limit: 8 << 10) else {
      throw Problem(
        "There is no signature \(path).sig", advice: "mds sync --to writes one beside each bundle: carry both.",
        kind: .invalidInput)
    }
    do {
      let file = try CarriedFile(path)
      try Self.require(try await link.client.hello(), account, takes: file)
      let answer = try await link.client.handIn(file, signature: signature)
      return try await taken(answer, from: path, to: wanted)
    } catch let failure as CollectorFailure {
      throw try await refused(failure, path, wanted)
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem("The bundle could not be handed in", detail: "\(error)")
    }
  }

  /// Says what stands in the way before a long file is sent.
  private static func require(
    _ hello: Hello, _ account: CollectorAccount, takes file: CarriedFile
  ) throws {
    if hello.collectorID != account.collectorID {
      throw SyncStop.otherCollector(found: hello.collectorID.string).problem
    }
    if let own = ProgramVersion(tool: tool), let wanted = hello.wanted(insteadOf: own) {
      throw SyncFailure.outdated(own: own, wanted: wanted).problem
    }
    guard let limit = hello.limits.bundleBytes else {
      throw Problem(
        "the collector takes no bundles over the network",
        advice: "Bring it to the researchers, who take it in with `mds-collector import`.")
    }
    guard file.count <= limit else {
      throw Problem(
        "the bundle has \(file.count) bytes, and the collector takes \(limit)",
        advice: "Bring it to the researchers, who take it in with `mds-collector import`.", kind: .invalidInput)
    }
  }

  private func taken(_ answer: BundleAnswer, from path: String, to wanted: String?) async throws -> HandedBundle {
    let (receipt, learned) = try await take(answer.receipt, of: path, to: wanted)
    let counts = answer.verdicts
    let known = RecordVerdict.known
    let words = known.filter { counts[$0] != nil } + counts.keys.filter { !known.contains($0) }
    return HandedBundle(
      analyst: answer.analyst, verdicts: words.map { ($0.text, counts[$0] ?? 0) }, contents: answer.contents.count,
      incomplete: answer.incomplete.count, released: answer.released, receipt: receipt, known: learned)
  }

  /// Learns from a receipt where it is of this ledger's streams; writes it where it is another's, or where that is wanted.
  private func take(
    _ receipt: [UInt8], of path: String, to wanted: String?
  ) async throws(Problem) -> (path: String?, known: CarriedReceipt?) {
    let isOwn = try await isOwn(receipt)
    let place = Self.place(for: receipt, of: path, wanted: wanted, isOwn: isOwn)
    if let place { try Files.write(receipt, to: place) }
    return (place, isOwn ? try await takeReceipt(receipt, named: "The collector's receipt") : nil)
  }

  /// The file that somebody named; else in the folder that they named, or beside a colleague's bundle, by its own content: a
  /// later one of the same bundle says more, and does not take its place.
  private static func place(for receipt: [UInt8], of path: String, wanted: String?, isOwn: Bool) -> String? {
    if let wanted, !Files.isFolder(wanted) { return wanted }
    guard wanted != nil || !isOwn else { return nil }
    var digest = BundleDigest()
    digest.update(receipt)
    let folder = wanted ?? Files.folder(of: path)
    return "\(folder)/\(digest.fileName("mdsr"))"
  }

  private func refused(
    _ failure: CollectorFailure, _ path: String, _ wanted: String?
  ) async throws(Problem) -> Problem {
    var refusal = Refusal("")
    switch failure {
    case .unanswered, .refused(408, _), .refused(429, _), .refused(500..., _):
      // What is in the bundle is elsewhere: nothing of this ledger waits for it.
      var problem = failure.problem
      problem.advice = "Hand it in again: what the collector has already is not taken twice."
      problem.kind = .unreachable
      return problem
    case .refused(401, _), .unusable, .noToken, .cancelled: return failure.problem
    case .refused(_, let words): refusal = words
    }
    // A file that is damaged is no use another time either.
    let isDamaged = ["bundle", "signature", "hash"].contains(refusal.error)
    var problem = Problem(
      "the collector does not take this bundle", detail: refusal.words, kind: isDamaged ? .invalidInput : .conflict)
    if let receipt = refusal.receipt {
      let (place, known) = try await take(receipt, of: path, to: wanted)
      problem.advice =
        known == nil
        ? "Take \(place ?? "the receipt") back to the analyst: after `mds sync --from` their next bundle has what is missing."
        : "This ledger knows it now: the next mds sync, or sync --to, has what is missing."
    }
    return problem
  }
}
