"""Signing in with the household's OpenID Connect provider: code flow with PKCE, and ID tokens brought by a client."""
