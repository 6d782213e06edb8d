package org.firstlight.fleet.state;

/** An OMA DDF that a user gave. */
public record ObjectModelDocument(int objectId, String version, String name, String xml) {}
