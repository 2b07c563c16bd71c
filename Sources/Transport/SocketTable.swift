internal import CCurl
internal import Glibc

/// The sockets that libcurl holds open, on the engine's thread. It tells whether a kept connection is clean: libcurl
/// 7.88 takes what a server sent beyond its last answer for the answer to the next request.
final class SocketTable {
  private var unnamed: Set<Int32> = []
  private var byPort: [UInt16: Int32] = [:]

  /// Makes libcurl report every socket that it opens and closes for this transfer. Connections outlive transfers, so
  /// the table must outlive the multi handle.
  func listen(on handle: EasyHandle) {
    let me = Unmanaged.passUnretained(self).toOpaque()
    handle.set(CURLOPT_SOCKOPTDATA, me)
    handle.set(CURLOPT_CLOSESOCKETDATA, me)
    _ = mds_set_socket_opened(handle.pointer) { context, socket, _ in
      // Not inherited by the programs that mds starts; a peer that is gone is noticed within half a minute.
      _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
      var patience: UInt32 = 30_000
      setsockopt(socket, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &patience, socklen_t(MemoryLayout<UInt32>.size))
      if let context { Unmanaged<SocketTable>.fromOpaque(context).takeUnretainedValue().opened(socket) }
      return CURL_SOCKOPT_OK
    }
    _ = mds_set_socket_closed(handle.pointer) { context, socket in
      if let context { Unmanaged<SocketTable>.fromOpaque(context).takeUnretainedValue().closed(socket) }
      return close(socket)
    }
  }

  /// Whether the connection that leaves from this local port has bytes that nobody has read.
  func holdsBytes(localPort: Int32) -> Bool {
    guard let port = UInt16(exactly: localPort), let socket = socket(port) else { return false }
    var byte: UInt8 = 0
    return recv(socket, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) > 0
  }

  private func opened(_ socket: Int32) { unnamed.insert(socket) }

  private func closed(_ socket: Int32) {
    unnamed.remove(socket)
    byPort = byPort.filter { $0.value != socket }
  }

  private func socket(_ port: UInt16) -> Int32? {
    if let known = byPort[port] { return known }
    for socket in unnamed where localPort(socket) == port {
      unnamed.remove(socket)
      byPort[port] = socket
      return socket
    }
    return nil
  }

  private func localPort(_ socket: Int32) -> UInt16? {
    var address = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutableBytes(of: &address) { bytes in
      guard let start = bytes.baseAddress, size >= 4,
        getsockname(socket, start.assumingMemoryBound(to: sockaddr.self), &size) == 0
      else { return nil }
      // The port stands at the same place for IPv4 and IPv6.
      return UInt16(bytes[2]) << 8 | UInt16(bytes[3])
    }
  }
}
