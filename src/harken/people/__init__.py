"""Accounts, groups in one tree, and memberships with roles and terms."""
