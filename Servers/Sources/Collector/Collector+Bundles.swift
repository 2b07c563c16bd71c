internal import Domain
internal import Feedback
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import SyncProtocol

/// Bundles that somebody carried to where a network is: the same rules as `mds-collector import`, in the same code. Whose
/// events they are is what the signature says; the token is that of whoever hands them in.
extension Collector {
  func addBundles(to router: some RouterMethods<CallContext>) {
    router.post("/v1/bundles") { request, context in
      let token = try context.token(for: .write)
      guard let settings = settings.bundles else {
        throw Refused(
          .notFound,
          Refusal("no-bundles", detail: "this collector takes no bundles over the network: bring it to the researchers")
        )
      }
      let signature = try Collector.signature(beside: request)
      let answer = try await desk.attend(token.id) {
        let spool = try await Collector.spooled(request, settings)
        return (try await take(spool.file(), signature, settings, from: token), spool.count)
      }
      return Response(answer)
    }
  }

  private static func signature(beside request: Request) throws -> String {
    switch request.headers[.contentEncoding]?.lowercased() {
    case nil, "identity": break
    case .some: throw Refused(.unsupportedMediaType, Refusal("encoding", detail: "a bundle is sent as it is"))
    }
    let value = HTTPField.Name(SSHSignature.header).flatMap { request.headers[$0] }
    guard let text = value.flatMap({ SSHSignature.text(inHeader: $0) }) else {
      throw Refused(WireError("\(SSHSignature.header) is the text of the bundle's .sig in base64"))
    }
    return text
  }

  /// The body as a file; memory holds a piece of it.
  private static func spooled(_ request: Request, _ settings: BundleSettings) async throws -> BundleSpool {
    let tooLarge = Refused(
      .contentTooLarge, Refusal("too-large", detail: RawText("a bundle has at most \(settings.limit) bytes")))
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > settings.limit { throw tooLarge }
    let spool = try BundleSpool(in: settings.folder)
    var pieces = request.body.makeAsyncIterator()
    while true {
      let piece: ByteBuffer?
      do {
        piece = try await pieces.next()
      } catch {
        throw Refused(.requestTimeout, Refusal("cut", detail: "the bundle did not come to its end", retryAfter: 1000))
      }
      guard let piece else { return spool }
      guard spool.count + piece.readableBytes <= settings.limit else { throw tooLarge }
      try piece.withUnsafeReadableBytes { try spool.write($0) }
    }
  }

  private func take(
    _ file: BundleFile, _ signature: String, _ settings: BundleSettings, from token: TokenRecord
  ) async throws -> BundleAnswer {
    guard let text = try BundleFile.text(settings.allowedSigners) else {
      throw CollectorError.file(settings.allowedSigners, 2)
    }
    let taking = BundleImport(self, signer: .allowed(AllowedSigners(text: text)), actor: token.actor)
    var behind: [UInt8]?
    do {
      let report = try await taking.run(
        file,
        behind: { report in
          behind = try await ReceiptSource(self, for: report, behind: true).bytes.flatMap(\.self)
        }, signature: { signature })
      return try BundleAnswer(report, receipt: await ReceiptSource(self, for: report).bytes.flatMap(\.self))
    } catch let refusal as BundleRefusal {
      throw Refused(refusal, receipt: behind)
    } catch let error as CollectorError {
      switch error {
      case .nameInUse, .formerName:
        throw Refused(.unprocessableContent, Refusal("former-name", detail: RawText(error.description)))
      default: throw error
      }
    }
  }
}

extension BundleAnswer {
  fileprivate init(_ report: BundleImport.Report, receipt: [UInt8]) throws {
    guard let bundle = Hash(hex: report.bundle) else { throw CollectorError.damagedRow(0) }
    self.init(
      bundle: bundle, analyst: RawText(report.analyst), stream: report.header.stream, results: report.results,
      contents: report.contents,
      incomplete: report.incomplete.sorted { $0.key.hex < $1.key.hex }.map(\.value), released: report.released,
      receipt: receipt)
  }
}

extension Refused {
  /// Why a bundle is not taken; with `receipt`, where the stream stands that it goes on from a later place of.
  fileprivate init(_ refusal: BundleRefusal, receipt: [UInt8]?) {
    let (status, word): (HTTPResponse.Status, RawText) =
      switch refusal {
      case .unsigned, .badSignature: (.unprocessableContent, "signature")
      case .unknownKey, .ambiguousKey, .revokedKey, .localName: (.forbidden, "signer")
      case .fault, .noEvents, .notTaken: (.unprocessableContent, "bundle")
      case .otherCollector: (.conflict, "other-collector")
      case .foreignStream: (.forbidden, Refusal.foreignStream)
      case .formerName: (.unprocessableContent, "former-name")
      case .lineage: (.conflict, "lineage")
      case .oversized: (.contentTooLarge, "too-large")
      case .content: (.unprocessableContent, "hash")
      case .changed: (.serviceUnavailable, "changed")
      }
    var words = Refusal(word, detail: RawText(refusal.description))
    words.receipt = receipt
    if status == .serviceUnavailable { words.retryAfter = 5000 }
    if case .oversized(let seq) = refusal { words.seq = seq }
    self.init(status, words)
  }
}
