internal import Collector
internal import Glibc

/// Where a server is to listen.
struct ListeningPlace {
  var host: String
  var port: Int

  /// Throws where nothing can listen there, before anything else is begun. What cannot be told here the server says itself.
  func require() throws(CollectorError) {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found?.pointee else { return }
    defer { freeaddrinfo(found) }
    let descriptor = socket(address.ai_family, address.ai_socktype, address.ai_protocol)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    // As the server itself: what an earlier one has just closed is in nobody's way.
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard bind(descriptor, address.ai_addr, address.ai_addrlen) == 0, listen(descriptor, 1) == 0 else {
      throw refusal(errno)
    }
  }

  /// Why not, in words.
  func refusal(_ code: Int32) -> CollectorError { .cannotListen(host: host, port: port, code) }
}
