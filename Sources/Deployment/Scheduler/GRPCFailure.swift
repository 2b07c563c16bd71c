public import Domain

/// Why a gRPC call gave no answer, where HTTP itself was well.
public enum GRPCFailure: Error, Hashable, Sendable {
  /// The server's own status and words.
  case status(GRPCStatus, message: RawText)
  /// What answered speaks HTTP/2, and no gRPC.
  case notGRPC(status: Int, contentType: RawText)
  /// A message came compressed, which was not offered.
  case compressed
  /// A message of so many bytes, more than is taken.
  case tooLarge(Int, limit: Int)
  /// The answer ended inside a message.
  case cutOff
  /// The answer ended without a status.
  case noStatus
  /// A message is not what its type says, or a frame is none.
  case unreadable(String)
}

/// How a gRPC call went, by number (gRPC, "Status codes and their use in gRPC").
public struct GRPCStatus: RawRepresentable, Hashable, Sendable {
  public var rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  public static let ok = GRPCStatus(rawValue: 0)
  public static let cancelled = GRPCStatus(rawValue: 1)
  public static let deadlineExceeded = GRPCStatus(rawValue: 4)
  public static let notFound = GRPCStatus(rawValue: 5)
  public static let permissionDenied = GRPCStatus(rawValue: 7)
  public static let unimplemented = GRPCStatus(rawValue: 12)
  public static let unavailable = GRPCStatus(rawValue: 14)
  public static let unauthenticated = GRPCStatus(rawValue: 16)

  private static let names = [
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
    "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
    "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
  ]

  /// `NOT_FOUND`, or the number of one that is in no list.
  public var name: String { Self.names.indices.contains(rawValue) ? Self.names[rawValue] : "\(rawValue)" }
}
