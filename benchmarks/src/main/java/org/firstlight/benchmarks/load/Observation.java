package org.firstlight.benchmarks.load;

/** What the server observes: notifications carry its token, from the address that it asked. */
final class Observation {
  private final int socket;
  private final byte[] token;
  private final int format;
  private final int resource;
  private int sequence;

  Observation(int socket, CoapMessage request) {
    this.socket = socket;
    this.token = request.token();
    this.format = DeviceMessages.format(request);
    this.resource = DeviceMessages.resource(request);
  }

  int socket() {
    return socket;
  }

  byte[] token() {
    return token;
  }

  int format() {
    return format;
  }

  int resource() {
    return resource;
  }

  int next() {
    return ++sequence;
  }
}
