package org.firstlight.dm.shipment;

/** The record of a list was deleted, or changed by another process, while it was worked on. */
final class ListGoneException extends RuntimeException {
  ListGoneException() {
    super("the list is not there any more");
  }
}
