package org.firstlight.dm.offender;

/** Does what the rules forbid: see ArchitectureTest. */
public record OpensSubscriptions(org.bouncycastle.cms.jcajce.JceKeyAgreeRecipient forbidden) {}
