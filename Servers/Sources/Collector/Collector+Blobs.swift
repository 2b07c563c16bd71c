internal import Domain
internal import Feedback
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import SyncProtocol

/// Large contents in pieces: a device sends a record that its event names by its hash; analysts fetch what was published.
extension Collector {
  func addBlobs(to router: some RouterMethods<CallContext>) {
    router.get("/v1/blobs/:hash/state") { _, context in
      let token = try context.token(for: nil)
      guard let state = try await blobs.state(of: try hash(in: context), for: token.id) else {
        throw Collector.unknownBlob
      }
      return Response(state)
    }
    router.put("/v1/blobs/:hash") { request, context in
      let token = try context.token(for: .write)
      return try await put(request, hash: try hash(in: context), from: token)
    }
    router.get("/v1/blobs/:hash") { request, context in
      let token = try context.token(for: nil)
      let hash = try hash(in: context)
      var offset = 0
      if let range = request.headers[.range] {
        guard let first = BlobPiece.offset(range) else { throw Refused(WireError("Range is bytes=FIRST-LAST")) }
        offset = first
      }
      guard let (bytes, size) = try await blobs.piece(of: hash, from: offset, for: token) else {
        throw Collector.unknownBlob
      }
      guard offset < size else {
        throw Refused(.rangeNotSatisfiable, Refusal("range", detail: RawText("the content has \(size) bytes")))
      }
      return Response(
        status: .partialContent,
        headers: [
          .contentType: "application/octet-stream",
          .contentRange: "bytes \(offset)-\(offset + bytes.count - 1)/\(size)",
        ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
  }

  private static var unknownBlob: Refused {
    Refused(.notFound, Refusal("unknown-blob", detail: "no content with this hash is here for you"))
  }

  private func put(_ request: Request, hash: Hash, from token: TokenRecord) async throws -> Response {
    let piece: [UInt8]
    do {
      piece = Array(try await request.body.collect(upTo: BlobPiece.most).readableBytesView)
    } catch is NIOTooManyBytesError {
      throw Refused(
        .contentTooLarge, Refusal("too-large", detail: RawText("a piece has at most \(BlobPiece.most) bytes")))
    }
    guard let (offset, size) = BlobPiece.range(request.headers[.contentRange] ?? "", count: piece.count) else {
      throw Refused(WireError("Content-Range is bytes FIRST-LAST/SIZE and fits the body"))
    }
    guard size <= BlobPiece.limit else {
      throw Refused(
        .contentTooLarge, Refusal("too-large", detail: RawText("a content has at most \(BlobPiece.limit) bytes")))
    }
    switch try await blobs.put(piece, of: hash, at: offset, size: size, from: token.id) {
    case .kept(let state): return Response(state)
    case .elsewhere(let state): return Response(state, status: .conflict)
    case .mismatched:
      throw Refused(.unprocessableContent, Refusal("hash", detail: "the content is not what its hash says"))
    }
  }

  private func hash(in context: CallContext) throws -> Hash {
    guard let hash = Hash(hex: try context.parameters.require("hash")) else {
      throw Refused(WireError("a content is named by the 64 digits of its SHA-256"))
    }
    return hash
  }
}
